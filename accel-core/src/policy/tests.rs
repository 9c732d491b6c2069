use super::*;
use crate::{AccountId, account_id, actions, cidr};

fn read() -> Statement {
    Statement::allow(actions!["store:GetItem"])
}

/// The document as JSON, to compare with what AWS's own pages show.
fn json(prop: &Prop) -> String {
    match prop {
        Prop::String(text) => format!("{:?}", text.as_str()),
        Prop::List(items) => {
            format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(","))
        }
        Prop::Object(object) => {
            let entries = object.iter().map(|(key, value)| format!("\"{key}\":{}", json(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(","))
        }
        other => format!("<{other:?}>"),
    }
}

fn statement(statement: &Statement) -> String {
    json(&Prop::from(statement))
}

#[test]
fn keys_have_a_fixed_order_and_lists_of_one_are_scalars() {
    let policy = PolicyDocument::from([read().resource("*").sid("Read")]).id("orders");
    let value: Value<Json> = policy.into_value();
    assert_eq!(
        json(&value.into_prop()),
        r#"{"Id":"orders","Statement":[{"Action":"store:GetItem","Effect":"Allow","Resource":"*","Sid":"Read"}],"Version":"2012-10-17"}"#
    );
}

#[test]
fn sets_are_sorted_and_have_each_value_once() {
    let allow = Statement::allow(actions!["store:PutItem", "store:GetItem", "store:PutItem"])
        .resource("b")
        .resources(["c", "a", "b"]);
    assert_eq!(
        statement(&allow),
        r#"{"Action":["store:GetItem","store:PutItem"],"Effect":"Allow","Resource":["a","b","c"]}"#
    );
}

#[test]
fn references_follow_the_literals_in_the_order_given() {
    let (region, partition) = (Value::own_region(), Value::own_partition());
    let allow = read().resources([region.clone(), partition.clone(), region.clone()]).resource("z");
    let prop = Prop::from(&allow);
    let resources = prop.as_object().unwrap().get("Resource").unwrap().as_list().unwrap();
    assert_eq!(resources, [Prop::from("z"), region.into_prop(), partition.into_prop()]);
}

#[test]
fn everything_but_is_an_element_of_its_own() {
    let deny = Statement::deny(Actions::except(actions!["b:*", "a:*"])).not_resources(["x"]);
    assert_eq!(
        statement(&deny),
        r#"{"Effect":"Deny","NotAction":["a:*","b:*"],"NotResource":"x"}"#
    );
    assert_eq!(
        statement(&read().not_resources(["x"]).resource("y")),
        statement(&read().resource("y"))
    );
    assert_eq!(
        statement(&read().resource("y").not_resources(["x"])),
        statement(&read().not_resources(["x"]))
    );
}

#[test]
fn principals_stand_by_kind() {
    let allow = read().principals([
        Principal::service("b.amazonaws.com"),
        Principal::account(account_id!("222222222222")),
        Principal::service("a.amazonaws.com"),
        Principal::aws("arn:aws:directory::111111111111:role/admin"),
        Principal::federated("idp.example.com"),
        Principal::canonical_user("79a5"),
    ]);
    assert_eq!(
        statement(&allow),
        r#"{"Action":"store:GetItem","Effect":"Allow","Principal":{"AWS":["222222222222","arn:aws:directory::111111111111:role/admin"],"CanonicalUser":"79a5","Federated":"idp.example.com","Service":["a.amazonaws.com","b.amazonaws.com"]}}"#
    );
}

#[test]
fn everybody_alone_is_a_star() {
    let one = read().principal(Principal::any());
    assert_eq!(statement(&one), r#"{"Action":"store:GetItem","Effect":"Allow","Principal":"*"}"#);
    assert_eq!(statement(&one.clone().principal(Principal::any())), statement(&one));
    assert_eq!(
        statement(&one.principal(Principal::service("a.amazonaws.com"))),
        r#"{"Action":"store:GetItem","Effect":"Allow","Principal":{"AWS":"*","Service":"a.amazonaws.com"}}"#
    );
}

#[test]
fn conditions_stand_by_test_and_key() {
    let deny = Statement::deny(actions!["*"])
        .when(Operator::StringLike.for_any_value().if_exists(), "aws:CalledVia", ["b", "a"])
        .when(Operator::NotIpAddress, "aws:SourceIp", cidr!("10.0.0.0/8"))
        .when(Operator::Bool, "aws:ViaAWSService", false)
        .when(Operator::Bool, "aws:SecureTransport", true)
        .when(Operator::StringEquals.for_all_values(), "aws:TagKeys", vec!["team".to_owned()])
        .when(Operator::Null.if_exists(), "aws:PrincipalArn", "replaced")
        .when(Operator::Null, "aws:PrincipalArn", true);
    assert_eq!(
        statement(&deny),
        r#"{"Action":"*","Condition":{"Bool":{"aws:SecureTransport":"true","aws:ViaAWSService":"false"},"ForAllValues:StringEquals":{"aws:TagKeys":"team"},"ForAnyValue:StringLikeIfExists":{"aws:CalledVia":["a","b"]},"NotIpAddress":{"aws:SourceIp":"10.0.0.0/8"},"Null":{"aws:PrincipalArn":"true"}},"Effect":"Deny"}"#
    );
}

#[test]
fn the_size_is_that_of_minified_json() {
    let policy = PolicyDocument::new()
        .statement(read().resource("a\"b\\c\u{1}ü").principal(Principal::any()))
        .statement(Statement::deny(actions!["a:*", "b:*"]).resource("*"));
    // Rust's `{:?}` writes U+0001 as `\u{1}`, JSON as `\u0001`.
    assert_eq!(policy.size(), json(&Prop::from(&policy)).chars().count() + 1);
}

#[test]
fn what_only_the_deployment_knows_counts_nothing() {
    let account: Value<AccountId> = Value::own_region().cast();
    let joined = Value::concat(["id/".into_value(), account.cast()]);
    let with = |resource: Value<String>| PolicyDocument::from([read().resource(resource)]).size();
    assert_eq!(with(joined), with("id/".into_value()));
    assert_eq!(with(Value::own_region()), with("".into_value()));
}
