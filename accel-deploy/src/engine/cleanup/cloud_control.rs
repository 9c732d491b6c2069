//! Looks for a resource that its stack has no more, and deletes it.

use crate::{
    cleanup::Superseded,
    cloud::{
        Cloud, ErrorClass, Place,
        cloudcontrolapi::{DeleteResource, GetResource, GetResourceRequestStatus, ProgressEvent},
        cloudformation::DescribeStackResources,
    },
    deployed::FormerId,
    engine::{PAUSE, Shared, Trouble},
};

impl<C: Cloud> Shared<C> {
    /// By what Cloud Control knows a resource that is there; none if it has not this type, or another identifier.
    pub(super) async fn known_as(
        &self,
        place: &Place,
        of: &Superseded,
        id: &str,
    ) -> Result<Option<String>, Trouble> {
        match self.call(place, &get(of, id)).await {
            Ok(found) => Ok(Some(found.resource_description.identifier)),
            Err(error) if [ErrorClass::NotFound, ErrorClass::Refused].contains(&error.class) => {
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Whether a resource is still there, and no stack has taken it in.
    pub(super) async fn is_left(
        &self,
        of: &Superseded,
        id: &FormerId,
        known_as: &str,
    ) -> Result<bool, Trouble> {
        match self.call(&id.place, &get(of, known_as)).await {
            Ok(_) => {}
            Err(error) if error.class == ErrorClass::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let ask = DescribeStackResources { physical_resource_id: Some(id.physical.clone()) };
        match self.call(&id.place, &ask).await {
            // Things of several types may have one id.
            Ok(found) => Ok(!found.stack_resources.iter().any(|it| {
                it.resource_type == of.type_name
                    && it.physical_resource_id.as_ref() == Some(&id.physical)
            })),
            Err(error) if error.class == ErrorClass::NotFound => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    /// It has no token of its own: one that has failed would fail by it for a day and a half.
    pub(super) async fn delete_former(
        &self,
        place: &Place,
        of: &Superseded,
        known_as: &str,
    ) -> Result<(), Trouble> {
        let delete = DeleteResource {
            type_name: of.type_name.clone(),
            identifier: known_as.to_owned(),
            client_token: None,
        };
        let mut event = match self.call(place, &delete).await {
            Ok(progressed) => progressed.progress_event,
            Err(error) if error.class == ErrorClass::NotFound => return Ok(()),
            Err(error) if error.class == ErrorClass::Refused => {
                return Err(refused(of, known_as, &error.to_string()));
            }
            Err(error) => return Err(error.into()),
        };
        while is_going_on(&event) {
            self.pause(PAUSE).await;
            let ask = GetResourceRequestStatus { request_token: event.request_token };
            event = self.call(place, &ask).await?.progress_event;
        }
        let is_gone =
            event.operation_status == "SUCCESS" || event.error_code.as_deref() == Some("NotFound");
        match is_gone {
            true => Ok(()),
            false => {
                let why = event.status_message.or(event.error_code);
                Err(refused(of, known_as, &why.unwrap_or(event.operation_status)))
            }
        }
    }
}

fn get(of: &Superseded, id: &str) -> GetResource {
    GetResource { type_name: of.type_name.clone(), identifier: id.to_owned() }
}

fn is_going_on(event: &ProgressEvent) -> bool {
    ["PENDING", "IN_PROGRESS", "CANCEL_IN_PROGRESS"].contains(&event.operation_status.as_str())
}

fn refused(of: &Superseded, known_as: &str, why: &str) -> Trouble {
    Trouble::Refused(format!(
        "the old {}, {known_as}, cannot be deleted: {why}; take it out of use and deploy again, or delete it by hand",
        of.called()
    ))
}
