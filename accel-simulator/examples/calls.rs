//! Prints, as one document of JSON, what the engine sends and reads and with which errors the simulated cloud
//! answers. The check compares it with the models of the services.

use accel_simulator::{COMMON_ERRORS, ERRORS};
use serde_json::json;

#[expect(clippy::print_stdout, reason = "the output is what this program is for")]
fn main() {
    let errors = ERRORS.iter().flat_map(|(operation, codes)| {
        codes.iter().map(move |code| json!({ "operation": operation, "code": code }))
    });
    let common = COMMON_ERRORS.iter().flat_map(|(service, codes)| {
        codes.iter().map(move |code| json!({ "service": service, "code": code }))
    });
    let document = json!({
        "operations": accel_deploy::cloud::described(),
        "routes": accel_deploy::cloud::s3::ROUTES,
        "errors": errors.collect::<Vec<_>>(),
        "commonErrors": common.collect::<Vec<_>>(),
    });
    println!("{document}");
}
