//! HTTP on 127.0.0.1, as much of it as a service and a proxy need.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    pin::Pin,
    task::{Context, Poll},
};

use http_body_util::BodyExt as _;
use hyper::{
    HeaderMap, Method, Request, Response, StatusCode,
    body::{Body, Bytes, Frame, Incoming, SizeHint},
    header::{CONTENT_LENGTH, HeaderName, HeaderValue},
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{net::TcpListener, task::JoinHandle};

/// A request, whole.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) method: Method,
    /// With the query, encoded.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Asked {
    /// The path without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    pub(crate) fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What comes back.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Whole(Told),
    /// The head, and half of the body.
    Half(Told),
    /// The connection ends without a word.
    Nothing,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Bytes,
}

/// Listens at a port of 127.0.0.1, any free one for 0, and answers until the task is aborted.
pub(crate) async fn listen<H, F>(port: u16, handler: H) -> io::Result<(SocketAddr, JoinHandle<()>)>
where
    H: Fn(Asked) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(async move {
        // A connection that ends badly is the client's to notice.
        while let Ok((stream, _)) = listener.accept().await {
            let handler = handler.clone();
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(handler.clone(), request));
                let connection = hyper::server::conn::http1::Builder::new();
                connection.serve_connection(TokioIo::new(stream), service).await.ok();
            });
        }
    });
    Ok((address, task))
}

async fn answer<H, F>(handler: H, request: Request<Incoming>) -> io::Result<Response<Content>>
where
    H: Fn(Asked) -> F,
    F: Future<Output = Answer>,
{
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let asked = Asked { method: head.method, target, headers: head.headers, body };
    let (told, breaks) = match handler(asked).await {
        Answer::Whole(told) => (told, false),
        Answer::Half(told) => (told, true),
        Answer::Nothing => return Err(io::Error::other("the connection ends")),
    };
    let length = told.body.len();
    let sent = if breaks { told.body.slice(..length / 2) } else { told.body };
    let mut response = Response::new(Content { bytes: Some(sent), breaks });
    *response.status_mut() = StatusCode::from_u16(told.status).map_err(io::Error::other)?;
    for (name, value) in told.headers {
        let name = HeaderName::try_from(name).map_err(io::Error::other)?;
        response
            .headers_mut()
            .insert(name, HeaderValue::try_from(value).map_err(io::Error::other)?);
    }
    if breaks {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length.max(1)));
    }
    Ok(response)
}

/// Sends a request on a connection of its own.
pub(crate) async fn ask(server: SocketAddr, asked: Asked) -> io::Result<Told> {
    let stream = tokio::net::TcpStream::connect(server).await?;
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = handshake.map_err(io::Error::other)?;
    let connection = tokio::spawn(connection);
    let mut request = Request::new(Content { bytes: Some(asked.body), breaks: false });
    *request.method_mut() = asked.method;
    *request.uri_mut() = asked.target.parse().map_err(io::Error::other)?;
    *request.headers_mut() = asked.headers;
    let response = sender.send_request(request).await.map_err(io::Error::other)?;
    let (head, body) = response.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    connection.abort();
    let header = |(name, value): (&HeaderName, &HeaderValue)| {
        Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
    };
    let headers = head.headers.iter().filter(|(name, _)| *name != CONTENT_LENGTH);
    Ok(Told { status: head.status.as_u16(), headers: headers.filter_map(header).collect(), body })
}

/// A body that may break off after what it has.
struct Content {
    bytes: Option<Bytes>,
    breaks: bool,
}

impl Body for Content {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Ready(match self.bytes.take() {
            Some(bytes) => Some(Ok(Frame::data(bytes))),
            None if self.breaks => Some(Err(io::Error::other("it breaks off"))),
            None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        match &self.bytes {
            Some(bytes) if !self.breaks => SizeHint::with_exact(bytes.len() as u64),
            _ => SizeHint::default(),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.bytes.as_ref().is_none_or(Bytes::is_empty) && !self.breaks
    }
}
