use std::{future::poll_fn, pin::pin, task::Poll};

use accel_deploy::StopHandle;

use crate::outcome::tell;

/// Runs until the end, or until somebody has pressed Ctrl-C three times: the first time nothing more is begun, the
/// second time what was begun is stopped, the third time it is left as it is.
pub(super) async fn listen<T>(stop: StopHandle, run: impl Future<Output = T>) -> Option<T> {
    let (mut run, mut thrice) = (pin!(run), pin!(thrice(stop)));
    poll_fn(|context| {
        // First, so that there is no moment of the run at which Ctrl-C is not heard.
        let is_left = thrice.as_mut().poll(context).is_ready();
        match run.as_mut().poll(context) {
            Poll::Ready(ended) => Poll::Ready(Some(ended)),
            Poll::Pending if is_left => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}

async fn thrice(stop: StopHandle) {
    pressed().await;
    tell(
        "nothing more is begun, and what was begun is waited for; press Ctrl-C again to stop that \
         too\n",
    );
    stop.drain();
    pressed().await;
    tell("what was begun is stopped; press Ctrl-C again to leave it as it is\n");
    stop.cancel();
    pressed().await;
}

/// For ever, if the system tells nobody.
async fn pressed() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
