//! Resources that are there already and would be made a second time.

/// What was to be made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Made {
    InStack,
    InStackSet,
}

/// What to do if AWS refuses to make something because it is there: by its name, or as the only one that an account may
/// have in a region. None if a reason says something else.
pub(super) fn way_out(reason: &str, made: Made) -> Option<&'static str> {
    let is_there = ["AlreadyExists", "already exists"].iter().any(|says| reason.contains(says))
        // Of recorders and delivery channels of AWS Config.
        || reason.contains("because the maximum number of ") && reason.contains("is reached");
    is_there.then_some(match made {
        Made::InStack => {
            "import it into the stack, delete it there, or take it out of the app and use it by its id"
        }
        Made::InStackSet => {
            "delete it there, leave the account or region out of the stack set, or take it out of the app and use it \
             by its id"
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_say_in_their_own_words_that_something_is_there() {
        for reason in [
            "orders already exists in stack arn:aws:cloudformation:eu-west-1:111111111111:stack/first/1",
            "Resource of type 'AWS::S3::Bucket' with identifier 'logs' already exists. (HandlerErrorCode: AlreadyExists)",
            "The request is rejected because a detector already exists for the current account.",
            "Failed to put configuration recorder 'all' because the maximum number of configuration recorders: 1 is \
             reached. (Service: AmazonConfig; Error Code: MaxNumberOfConfigurationRecordersExceededException)",
            "Failed to put delivery channel 'all' because the maximum number of delivery channels: 1 is reached.",
        ] {
            assert!(way_out(reason, Made::InStack).is_some(), "{reason}");
        }
        assert_eq!(way_out("Quota exceeded", Made::InStack), None);
    }
}
