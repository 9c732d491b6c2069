//! Serves the simulated cloud of a directory on 127.0.0.1: `serve DIR PORT [TIMES-FASTER]`.
//!
//! `AWS_ENDPOINT_URL=http://127.0.0.1:PORT` leads clients of AWS there; any credentials are good.

use std::{error::Error, path::Path, sync::Arc};

use accel_simulator::{Server, SimulatedCloud};

#[expect(clippy::print_stdout, reason = "who starts it wants to know where it listens")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (directory, port, speed) = match &arguments[..] {
        [directory, port] => (directory, port, 1),
        [directory, port, speed] => (directory, port, speed.parse()?),
        _ => return Err("serve DIR PORT [TIMES-FASTER]".into()),
    };
    let rows = rows(&Path::new(directory).join("assembly"))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let cloud = SimulatedCloud::open(Path::new(directory), rows)?.faster(speed);
        let server = Server::start(Arc::new(cloud), port.parse()?).await?;
        println!("{}", server.url());
        std::future::pending::<()>().await;
        Ok(())
    })
}

/// Of the steps of the assembly in the directory, if there is one.
fn rows(assembly: &Path) -> Result<Vec<serde_json::Value>, Box<dyn Error>> {
    let steps = assembly.join("organization/steps.json");
    if !steps.exists() {
        return Ok(Vec::new());
    }
    let steps: serde_json::Value = serde_json::from_slice(&std::fs::read(steps)?)?;
    Ok(steps["steps"].as_array().cloned().unwrap_or_default())
}
