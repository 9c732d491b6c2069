//! What resources are called, and the policies that are theirs.
//!
//! What `Ref` and the attributes give, and how ARNs are made:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>,
//! <https://docs.aws.amazon.com/service-authorization/latest/reference/reference.html>.

use accel_policy::{Origin, Policy};
use serde_json::{Value, json};

use super::{Access, AccessError, place::Place};

/// How resources of a type are named.
struct Kind {
    type_name: &'static str,
    /// The property that names them; AWS invents a name without it.
    name: &'static str,
    /// With `{region}`, `{account}`, `{path}` (of IAM, with slashes around) and `{name}` in it.
    arn: &'static str,
    reference: Reference,
    policy: Document,
}

/// What `Ref` gives.
enum Reference {
    Name,
    Arn,
    /// Of a queue.
    Url,
}

/// Where the policy of a resource is.
enum Document {
    None,
    /// A property of its own, by pointer.
    Own(&'static str),
    /// Resources that name it: the type, the property with whom it is for, and that with the document.
    Others(&'static [(&'static str, &'static str, &'static str)]),
}

#[rustfmt::skip]
const KINDS: &[Kind] = &[
    Kind { type_name: "AWS::S3::Bucket", name: "BucketName", arn: "arn:aws:s3:::{name}", reference: Reference::Name,
        policy: Document::Others(&[("AWS::S3::BucketPolicy", "Bucket", "PolicyDocument")]) },
    Kind { type_name: "AWS::KMS::Key", name: "", arn: "arn:aws:kms:{region}:{account}:key/{name}", reference: Reference::Name,
        policy: Document::Own("/KeyPolicy") },
    Kind { type_name: "AWS::SNS::Topic", name: "TopicName", arn: "arn:aws:sns:{region}:{account}:{name}", reference: Reference::Arn,
        policy: Document::Others(&[("AWS::SNS::TopicPolicy", "Topics", "PolicyDocument"),
            ("AWS::SNS::TopicInlinePolicy", "TopicArn", "PolicyDocument")]) },
    Kind { type_name: "AWS::SQS::Queue", name: "QueueName", arn: "arn:aws:sqs:{region}:{account}:{name}", reference: Reference::Url,
        policy: Document::Others(&[("AWS::SQS::QueuePolicy", "Queues", "PolicyDocument"),
            ("AWS::SQS::QueueInlinePolicy", "Queue", "PolicyDocument")]) },
    // AWS adds a hyphen and six characters to the name.
    Kind { type_name: "AWS::SecretsManager::Secret", name: "Name", arn: "arn:aws:secretsmanager:{region}:{account}:secret:{name}-XXXXXX",
        reference: Reference::Arn,
        policy: Document::Others(&[("AWS::SecretsManager::ResourcePolicy", "SecretId", "ResourcePolicy")]) },
    Kind { type_name: "AWS::ECR::Repository", name: "RepositoryName", arn: "arn:aws:ecr:{region}:{account}:repository/{name}",
        reference: Reference::Name, policy: Document::Own("/RepositoryPolicyText") },
    Kind { type_name: "AWS::DynamoDB::Table", name: "TableName", arn: "arn:aws:dynamodb:{region}:{account}:table/{name}",
        reference: Reference::Name, policy: Document::Own("/ResourcePolicy/PolicyDocument") },
    Kind { type_name: "AWS::IAM::Role", name: "RoleName", arn: "arn:aws:iam::{account}:role{path}{name}", reference: Reference::Name,
        policy: Document::Own("/AssumeRolePolicyDocument") },
    Kind { type_name: "AWS::IAM::ManagedPolicy", name: "ManagedPolicyName", arn: "arn:aws:iam::{account}:policy{path}{name}",
        reference: Reference::Arn, policy: Document::None },
    Kind { type_name: "AWS::Lambda::Function", name: "FunctionName", arn: "arn:aws:lambda:{region}:{account}:function:{name}",
        reference: Reference::Name, policy: Document::None },
    Kind { type_name: "AWS::CloudTrail::Trail", name: "TrailName", arn: "arn:aws:cloudtrail:{region}:{account}:trail/{name}",
        reference: Reference::Name, policy: Document::None },
    Kind { type_name: "AWS::Logs::LogGroup", name: "LogGroupName", arn: "arn:aws:logs:{region}:{account}:log-group:{name}",
        reference: Reference::Name, policy: Document::None },
];

/// A place and a logical id in it.
type Found<'a> = (Place<'a>, String);

impl<'a> Access<'a> {
    /// The resource that an ARN is of, itself or something in it.
    pub(super) fn resource_of(&self, arn: &str) -> Option<Found<'_>> {
        // Of all that are called so, the longest name is meant: `log-group:a` or `log-group:a:b`.
        let all = self.places(None).into_iter().flat_map(Place::named);
        let (_, found) =
            all.filter(|(own, _)| is_within(own, arn)).max_by_key(|(own, _)| own.len())?;
        Some(found)
    }

    /// The resource at a construct path, and the ARN of what is below it. One of a stack set is that of the
    /// account with this id, if it has one.
    pub(super) fn resource_at(
        &self,
        path: &str,
        account: &str,
    ) -> Result<(Found<'_>, String), AccessError> {
        let mut there = Vec::new();
        let mut best: Option<((usize, bool), Found<'_>, String)> = None;
        for place in self.places(None) {
            for (arn, (place, id)) in place.named() {
                let construct = place.construct(&id);
                let below = path.strip_prefix(&construct).filter(|below| {
                    below.is_empty() || below.starts_with('/') && arn.starts_with("arn:aws:s3")
                });
                let rank = (construct.len(), place.account_id() == account);
                match below {
                    Some(below) if best.as_ref().is_none_or(|(best, ..)| rank > *best) => {
                        best = Some((rank, (place, id), format!("{arn}{below}")));
                    }
                    _ => there.push(construct),
                }
            }
        }
        match best {
            Some((_, found, arn)) => Ok((found, arn)),
            None => Err(AccessError::not_there("resource", path, there)),
        }
    }
}

impl<'a> Place<'a> {
    /// The resources whose ARNs are known here, by ARN.
    fn named(self) -> Vec<(String, Found<'a>)> {
        let all = self.json["Resources"].as_object().into_iter().flatten();
        all.filter_map(|(id, resource)| {
            Some((self.arn(kind(resource)?, id, resource), (self, id.clone())))
        })
        .collect()
    }

    /// What AWS calls a resource; what it will invent is `<construct path>`.
    fn name(&self, kind: &Kind, id: &str, resource: &Value) -> String {
        match &resource["Properties"][kind.name] {
            Value::Null if kind.type_name == "AWS::IAM::Role" => id.to_owned(),
            Value::Null => format!("<{}>", self.construct(id)),
            named => self.text(named),
        }
    }

    fn arn(&self, kind: &Kind, id: &str, resource: &Value) -> String {
        let path = resource["Properties"]["Path"].as_str().unwrap_or("/");
        kind.arn
            .replace("{region}", self.region)
            .replace("{account}", self.account_id())
            .replace("{path}", path)
            .replace("{name}", &self.name(kind, id, resource))
    }

    /// The ARN of a role, and of any resource of a type that is known here.
    pub(super) fn arn_of(&self, id: &str) -> Option<String> {
        let resource = &self.json["Resources"][id];
        kind(resource).map(|kind| self.arn(kind, id, resource))
    }

    /// What AWS calls a role.
    pub(super) fn role_name(&self, id: &str) -> String {
        self.resource_reference(id)
    }

    /// What `Ref` of a resource gives.
    pub(super) fn resource_reference(&self, id: &str) -> String {
        let resource = &self.json["Resources"][id];
        let Some(kind) = kind(resource) else { return format!("<{}>", self.construct(id)) };
        let name = self.name(kind, id, resource);
        match kind.reference {
            Reference::Name => name,
            Reference::Arn => self.arn(kind, id, resource),
            Reference::Url => {
                let (region, account) = (self.region, self.account_id());
                format!("https://sqs.{region}.amazonaws.com/{account}/{name}")
            }
        }
    }

    /// What `Fn::GetAtt` gives.
    pub(super) fn attribute(&self, id: &str, attribute: &str) -> String {
        let resource = &self.json["Resources"][id];
        match kind(resource) {
            Some(kind) if kind.type_name == "AWS::Logs::LogGroup" && attribute == "Arn" => {
                format!("{}:*", self.arn(kind, id, resource))
            }
            Some(kind) if ["Arn", "TopicArn", "PolicyArn"].contains(&attribute) => {
                self.arn(kind, id, resource)
            }
            Some(kind) if ["KeyId", "QueueName", "TopicName"].contains(&attribute) => {
                self.name(kind, id, resource)
            }
            _ => format!("<{}.{attribute}>", self.construct(id)),
        }
    }

    /// The policy of a resource.
    pub(super) fn resource_policy(&self, id: &str) -> Result<Option<Policy>, AccessError> {
        let resource = &self.json["Resources"][id];
        let Some(kind) = kind(resource) else { return Ok(None) };
        let others = match kind.policy {
            Document::None => return Ok(None),
            Document::Own(pointer) => {
                let origin = || Origin::of(self.name(kind, id, resource), self.construct(id));
                return match resource["Properties"].pointer(pointer) {
                    Some(document) => self.policy(document, origin()).map(Some),
                    // A key has one in any case.
                    // https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
                    None if kind.type_name == "AWS::KMS::Key" => {
                        let root = format!("arn:aws:iam::{}:root", self.account_id());
                        let document = json!({"Version": "2012-10-17", "Statement": {
                            "Sid": "Enable IAM User Permissions", "Effect": "Allow",
                            "Principal": {"AWS": root}, "Action": "kms:*", "Resource": "*",
                        }});
                        self.policy(&document, origin()).map(Some)
                    }
                    None => Ok(None),
                };
            }
            Document::Others(others) => others,
        };
        let names = [self.arn(kind, id, resource), self.resource_reference(id)];
        for place in self.access.places(Some(self.account)) {
            if place.region != self.region {
                continue;
            }
            for (type_name, target, document) in others {
                for (other, policy) in place.resources(type_name) {
                    let properties = &policy["Properties"];
                    let one = std::slice::from_ref(&properties[target]);
                    let targets = properties[target].as_array().map_or(one, Vec::as_slice);
                    if targets.iter().any(|target| names.contains(&place.text(target))) {
                        let origin = Origin::of(other, place.construct(other));
                        return place.policy(&properties[document], origin).map(Some);
                    }
                }
            }
        }
        Ok(None)
    }
}

/// Whether resources with such an ARN have policies of their own.
pub(super) fn have_policies(arn: &str) -> bool {
    let service = |arn: &str| arn.split(':').nth(2).unwrap_or_default().to_owned();
    let of_type = |kind: &&Kind| !matches!(kind.policy, Document::None);
    KINDS.iter().filter(of_type).any(|kind| service(kind.arn) == service(arn))
}

fn kind(resource: &Value) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| resource["Type"] == kind.type_name)
}

/// Whether an ARN is of a resource or of something in it: an object, a stream, a version.
fn is_within(own: &str, arn: &str) -> bool {
    let rest = match own.strip_suffix("XXXXXX") {
        // Whatever six characters AWS added.
        Some(known) => match arn.strip_prefix(known) {
            Some(added) if added.len() == 6 && !added.contains('-') => return true,
            _ => return false,
        },
        None => arn.strip_prefix(own),
    };
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', ':']))
}
