//! Incident management: one model, two products, and Datadog's role in the accounts.

use accel_constructs::sre::{
    Datadog,
    datadog::{DatadogAwsAccount, DatadogRole},
    incident::{
        AlertSource, Backend, Escalation, EscalationStep, Hours, IncidentManagement, Priority,
        Rotation, Route, Routing, Schedule, Team, Weekday, at,
    },
};
use accel_core::{
    AccountId, AccountInfo, App, Region, Scope, Stack, Value, account_id, template::Parameter,
};
use accel_synth::Assembly;
use serde_json::{Value as Json, json};

use super::{codes, json as read, platform, synth};

const PEOPLE: [&str; 2] = ["first@example.com", "second@example.com"];

fn app(backend: Backend, content: impl FnOnce(&mut Scope<'_, IncidentManagement>)) -> App {
    let mut app = App::new("acme");
    content(&mut app.open("incidents", IncidentManagement::new(backend)));
    app
}

/// What both products can do.
fn shop(incidents: &mut Scope<'_, IncidentManagement>) {
    let team = incidents.add("shop", Team::builder().name("shop").members(PEOPLE).build());
    let rotations = [
        Rotation::weekly(PEOPLE)
            .starting("2026-01-05T09:00:00Z")
            .during(Hours::Daily(at(17, 0), at(9, 0))),
        Rotation::daily(["third@example.com"]).during(Hours::business()).named("day"),
    ];
    let schedule = Schedule::builder().team(&team).time_zone("Europe/Berlin").rotations(rotations);
    let schedule = incidents.add("schedule", schedule.build());
    let steps = [
        EscalationStep::at_once().schedule(&schedule),
        EscalationStep::after_minutes(15).user(PEOPLE[1]).team(&team),
    ];
    let escalation = Escalation::builder().team(&team).steps(steps).repeats(2).build();
    let escalation = incidents.add("escalation", escalation);
    let night = Hours::Daily(at(22, 0), at(6, 30));
    let routes = [
        Route::to(&escalation).of_priority(Priority::P2),
        Route::to(&escalation).with_tag("env:prod").during(night),
        Route::to_nobody(),
    ];
    incidents.add("routing", Routing::builder().team(&team).routes(routes).build());
    incidents.add("datadog", AlertSource::datadog(&team));
}

fn files(assembly: &Assembly) -> Vec<&str> {
    assembly
        .files()
        .map(|(path, _)| path)
        .filter_map(|path| path.strip_prefix("incident/"))
        .collect()
}

#[test]
fn opsgenie_knows_things_by_their_names() {
    let assembly = synth(app(Backend::OpsGenie, shop));
    assert_eq!(
        files(&assembly),
        [
            "opsgenie/escalations/escalation.json",
            "opsgenie/integrations/datadog.json",
            "opsgenie/routing-rules/routing.json",
            "opsgenie/schedules/schedule.json",
            "opsgenie/teams/shop.json",
        ]
    );
    let file = |kind: &str| read(&assembly, &format!("incident/opsgenie/{kind}.json"));
    let schedule = file("schedules/schedule");
    assert_eq!(schedule["ownerTeam"], json!({ "name": "shop" }));
    let [weekly, day] = &schedule["rotations"].as_array().expect("rotations")[..] else {
        panic!("two rotations")
    };
    assert_eq!(weekly["type"], "weekly");
    assert_eq!(weekly["participants"][0], json!({ "type": "user", "username": PEOPLE[0] }));
    assert_eq!(day["timeRestriction"]["type"], "weekday-and-time-of-day");
    assert_eq!(day["timeRestriction"]["restrictions"].as_array().map(Vec::len), Some(5));
    let escalation = file("escalations/escalation");
    let delays: Vec<&Json> = escalation["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .map(|rule| &rule["delay"]["timeAmount"])
        .collect();
    assert_eq!(delays, [0, 15, 15]);
    assert_eq!(escalation["repeat"]["count"], 2);
    let rules = &file("routing-rules/routing")["rules"];
    let urgent =
        json!([{ "field": "priority", "operation": "greater-than", "expectedValue": "P3" }]);
    assert_eq!(rules[0]["criteria"]["conditions"], urgent);
    assert_eq!(rules[1]["timeRestriction"]["restriction"]["endMin"], 30);
    assert_eq!(rules[2]["criteria"], json!({ "type": "match-all" }));
    assert_eq!(rules[2]["notify"], json!({ "type": "none" }));
}

#[test]
fn datadog_on_call_knows_things_by_ids_that_are_edges() {
    let assembly = synth(app(Backend::DatadogOnCall, shop));
    assert_eq!(
        files(&assembly),
        [
            "datadog-on-call/escalation-policies/escalation.json",
            "datadog-on-call/routing-rules/routing.json",
            "datadog-on-call/schedules/schedule.json",
            "datadog-on-call/teams/shop.json",
        ]
    );
    let file = |kind: &str| {
        read(&assembly, &format!("incident/datadog-on-call/{kind}.json"))["data"].clone()
    };
    let layers = file("schedules/schedule")["attributes"]["layers"].clone();
    assert_eq!((&layers[0]["name"], &layers[1]["name"]), (&json!("rotation-1"), &json!("day")));
    assert_eq!(layers[1]["interval"], json!({ "days": 1 }));
    assert_eq!(layers[0]["interval"], json!({ "days": 7 }));
    assert_eq!(layers[0]["members"][0], json!({ "user": { "id": "%{user:first@example.com}" } }));
    assert_eq!(layers[1]["restrictions"][4]["start_day"], "friday");
    let policy = file("escalation-policies/escalation");
    let steps = &policy["attributes"]["steps"];
    assert_eq!(
        steps[0],
        json!({
            "targets": [{ "type": "schedules", "id": "%{accel:acme/incidents/schedule}" }],
            "assignment": "default",
            "escalate_after_seconds": 900,
        })
    );
    assert_eq!(steps[1]["targets"].as_array().map(Vec::len), Some(2));
    assert_eq!(policy["attributes"]["retries"], 2);
    let routing = file("routing-rules/routing");
    assert_eq!(routing["id"], "%{accel:acme/incidents/shop}");
    let rules = &routing["attributes"]["rules"];
    assert_eq!(rules[0]["query"], "priority:(1 OR 2)");
    assert_eq!(rules[0]["policy_id"], "%{accel:acme/incidents/escalation}");
    assert_eq!(rules[1]["query"], "tags.env:prod");
    let sunday = &rules[1]["time_restriction"]["restrictions"][6];
    assert_eq!((&sunday["start_day"], &sunday["end_day"]), (&json!("sunday"), &json!("monday")));
    assert_eq!(rules[2], json!({ "urgency": "low" }));
    let manifest = read(&assembly, "manifest.json");
    let edges =
        &manifest["documents"]["incident/datadog-on-call/schedules/schedule.json"]["values"];
    assert_eq!(edges[0]["source"], json!({ "from": "document", "document": "incidents/shop" }));
}

#[test]
fn a_monitor_notifies_the_team_by_its_handle() {
    for (backend, handle) in
        [(Backend::OpsGenie, "@opsgenie-shop"), (Backend::DatadogOnCall, "@oncall-shop")]
    {
        app(backend, |incidents| {
            let team = incidents.add("shop", Team::builder().name("shop").build());
            assert_eq!(incidents.add("datadog", AlertSource::datadog(&team)), handle);
        });
    }
}

#[test]
fn what_one_product_cannot_do_is_said_for_that_one() {
    let rich = |incidents: &mut Scope<'_, IncidentManagement>| {
        let team = Team::builder().name("shop").members(PEOPLE).administrators([PEOPLE[0]]).build();
        let team = incidents.add("shop", team);
        let rotation = Rotation::weekly(PEOPLE).team(&team);
        let rotations = [rotation, Rotation::daily(PEOPLE)];
        let schedule = Schedule::builder().team(&team).rotations(rotations).build();
        let schedule = incidents.add("schedule", schedule);
        let steps = [
            EscalationStep::after_minutes(5).schedule(&schedule).until_closed(),
            EscalationStep::after_minutes(700).team(&team),
        ];
        incidents.add("escalation", Escalation::builder().team(&team).steps(steps).build());
        let routes = [Route::to_schedule(&schedule)];
        incidents.add("routing", Routing::builder().team(&team).routes(routes).build());
    };
    synth(app(Backend::OpsGenie, rich));
    assert_eq!(codes(app(Backend::DatadogOnCall, rich)), ["incident-unsupported"; 7]);
}

#[test]
fn what_calls_nobody_is_a_diagnostic() {
    for backend in Backend::ALL {
        let wrong = app(backend, |incidents| {
            let team = incidents.add("shop", Team::builder().name("shop").build());
            let none = Schedule::builder().team(&team).rotations([]).build();
            incidents.add("none", none);
            let empty = Rotation::weekly(Vec::<&str>::new());
            let schedule = Schedule::builder().team(&team).rotations([empty]).build();
            incidents.add("empty", schedule);
            let steps = [EscalationStep::at_once()];
            let silent = Escalation::builder().team(&team).steps(steps).build();
            let silent = incidents.add("silent", silent);
            let routes = [Route::to_nobody(), Route::to(&silent)];
            incidents.add("routing", Routing::builder().team(&team).routes(routes).build());
        });
        let participants = "schedule-participants";
        assert_eq!(
            codes(wrong),
            [participants, participants, "incident-escalation", "incident-routing"]
        );
    }
}

#[test]
fn times_and_people_are_checked() {
    let wrong = app(Backend::OpsGenie, |incidents| {
        let team =
            incidents.add("shop", Team::builder().name("The Shop").members(["first"]).build());
        let rotations = [
            Rotation::weekly(PEOPLE).starting("tomorrow").length(0),
            Rotation::daily(PEOPLE).during(Hours::On(vec![Weekday::Monday], at(17, 0), at(9, 0))),
            Rotation::daily(PEOPLE).during(Hours::Daily(at(24, 0), at(9, 0))),
        ];
        incidents.add("schedule", Schedule::builder().team(&team).rotations(rotations).build());
    });
    assert_eq!(
        codes(wrong),
        [
            "incident-name",
            "incident-person",
            "incident-rotation",
            "incident-time",
            "incident-time",
            "incident-time",
        ]
    );
}

#[test]
fn the_role_of_datadog_asks_for_a_secret() {
    let template = platform::stack(|stack| {
        let external_id = stack.add("external-id", Parameter::secret());
        stack.add("datadog", DatadogRole::builder().external_id(external_id).build());
    });
    let role = platform::one(&template, "AWS::IAM::Role");
    assert_eq!(role["RoleName"], "DatadogIntegrationRole");
    let trust = &role["AssumeRolePolicyDocument"]["Statement"][0];
    let parameter = trust["Condition"]["StringEquals"]["sts:ExternalId"]["Ref"].as_str();
    let parameter = &template["Parameters"][parameter.expect("a parameter")];
    assert_eq!(parameter["NoEcho"], true);
    let managed = platform::stack(|stack| {
        let id = Value::managed("datadog/external-id");
        stack.add(
            "datadog",
            DatadogRole::builder().external_id(id).resource_collection(true).build(),
        );
    });
    let role = platform::one(&managed, "AWS::IAM::Role");
    assert_eq!(
        role["AssumeRolePolicyDocument"]["Statement"][0]["Condition"]["StringEquals"]["sts:ExternalId"],
        "{{resolve:secretsmanager:datadog/external-id}}"
    );
    assert_eq!(role["ManagedPolicyArns"].as_array().map(Vec::len), Some(1));
}

#[test]
fn datadog_is_told_of_an_account_when_its_id_is_known() {
    let watch = |id: Option<AccountId>| {
        let mut app = App::new("acme");
        let info = AccountInfo { id, ..AccountInfo::default() };
        let prod = app.scope().declare_account_as("prod", info);
        let _ = app.open("stack", Stack::new(prod.in_region(Region::EU_WEST_1)));
        let account = DatadogAwsAccount::builder().account(prod).regions([Region::EU_WEST_1]);
        app.open("datadog", Datadog::new("acme")).add("prod", account.tags(["env:prod"]).build());
        synth(app)
    };
    let path = "datadog/acme/aws-accounts/prod.json";
    assert!(watch(None).file(path).is_none());
    let assembly = watch(Some(account_id!("111111111111")));
    let attributes = &read(&assembly, path)["data"]["attributes"];
    assert_eq!(attributes["aws_account_id"], "111111111111");
    assert_eq!(attributes["aws_partition"], "aws");
    assert_eq!(
        attributes["account_tags"],
        json!(["env:prod", "account:prod", "accel:acme/datadog/prod"])
    );
    assert_eq!(attributes["auth_config"], json!({ "role_name": "DatadogIntegrationRole" }));
    assert_eq!(attributes["aws_regions"], json!({ "include_only": ["eu-west-1"] }));
}
