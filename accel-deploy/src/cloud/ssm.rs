//! The parameter store, through which values reach the instances of stack sets and come back, in the
//! shapes of its [API reference](https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html).
#![expect(missing_docs, reason = "members mean what the API reference says of them")]

use std::borrow::Cow;

use super::{Protocol, operations, shapes};

const JSON: Protocol = Protocol::Json { target: Cow::Borrowed("AmazonSSM") };

operations! { "ssm", JSON;
    GetParameters { names: Vec<String>, with_decryption: Option<bool> } -> Parameters;
    PutParameter {
        name: String, value: String, r#type: Option<String>, overwrite: Option<bool>,
        description: Option<String>,
    } -> Written;
    DeleteParameter { name: String } -> Nothing;
}

shapes! {
    Nothing {}
    Parameters { parameters: Vec<Parameter>, invalid_parameters: Vec<String> }
    Parameter { name: String, r#type: String, value: String, version: u64 }
    Written { version: u64 }
}
