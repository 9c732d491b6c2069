//! What watches the platforms and services, and who hears of it.

use accel_core::{App, Scope, ScopeRef, Text, Value};

use super::{Accelerator, ServiceRef, StageRef, TenantRef};
use crate::{
    foundation::{EveryAccount, Organization},
    sre::{
        Datadog, Monitored as _,
        datadog::{
            BurnRateMonitors, DatadogAwsAccount, DatadogDashboard, DatadogRole, DatadogSlo,
            DatadogSloRef, HttpTest, Message, MetricQuery, Objective, Sli, SloTimeframe, Widget,
            minutes,
        },
        incident::{
            AlertSource, Escalation, EscalationStep, IncidentManagement, Rotation, Route, Routing,
            Schedule, Team,
        },
    },
};

/// What watches the organization's systems, and who is called.
#[derive(Clone, Debug)]
pub struct Observability {
    /// Monitors, objectives, dashboards and tests.
    pub datadog: ScopeRef<Datadog>,
    /// Teams, schedules and escalations; none if nobody is on call.
    pub incidents: Option<ScopeRef<IncidentManagement>>,
    /// The handle that calls who is on call, for messages of one's own monitors.
    pub on_call: Option<Text>,
}

/// The secret of each account that Datadog shows when it assumes its role there.
const EXTERNAL_ID: &str = "datadog/external-id";

/// The team of the platform.
const TEAM: &str = "platform";

/// Lets Datadog read the metrics of every account.
pub(super) fn role(org: &mut Scope<'_, Organization>) {
    let role = DatadogRole::builder().external_id(Value::managed(EXTERNAL_ID)).build();
    org.add("datadog", EveryAccount::builder().construct(role).build());
}

pub(super) fn observability(
    app: &mut Scope<'_, App>,
    suit: &Accelerator,
    tenants: &[TenantRef],
    services: &[ServiceRef],
) -> Observability {
    let (incidents, on_call) = on_call(app, suit).unzip();
    let says = |text: &'static str| match &on_call {
        Some(handle) => Message::new(text).notify(handle),
        None => Message::new(text),
    };

    let organization = app.tree()[app.tree().root()].id().to_owned();
    let mut datadog = app.open("datadog", Datadog::new(&organization));
    for stage in tenants.iter().flat_map(|tenant| &tenant.stages) {
        watch(&mut datadog, suit, stage, on_call.as_deref());
    }
    let production = tenants.first().and_then(|tenant| tenant.stages.last());
    let mut objectives = Vec::new();
    if let Some(stage) = production {
        for (service, asked) in services.iter().zip(&suit.services) {
            if !asked.is_reached() {
                continue;
            }
            if asked.is_microservice() {
                objectives.push(objective(&mut datadog, service, stage, says("Customers notice.")));
            }
            let test = HttpTest::builder()
                .name(format!("{} is there", service.name))
                .url(format!("https://{}/", stage.host(&service.name)))
                .every(minutes(5))
                .message(says("It does not answer from outside."))
                .tags([format!("service:{}", service.name), format!("team:{TEAM}")])
                .build();
            datadog.add(&format!("{}-is-there", service.name), test);
        }
    }
    let promises = objectives
        .iter()
        .map(|(name, slo)| Widget::slo(name.to_string(), slo.over(SloTimeframe::Days30)));
    let alerts = Widget::monitors("Alerts", format!("team:{TEAM}"));
    let dashboard = DatadogDashboard::builder()
        .title("Platform")
        .widgets([
            Widget::group("Promises", promises.collect::<Vec<_>>()),
            Widget::group("Systems", [alerts]),
        ])
        .build();
    datadog.add("platform", dashboard);
    Observability { datadog: datadog.reference(), incidents, on_call }
}

/// Who is called: whoever is on call this week, and after a quarter of an hour everybody.
fn on_call(
    app: &mut Scope<'_, App>,
    suit: &Accelerator,
) -> Option<(ScopeRef<IncidentManagement>, Text)> {
    if suit.on_call.is_empty() {
        return None;
    }
    let people = || suit.on_call.iter().map(|person| Text::from(person.as_str().to_owned()));
    let mut incidents = app.open("incidents", IncidentManagement::new(suit.incident_backend));
    let team = incidents.add(TEAM, Team::builder().name(TEAM).members(people()).build());
    let rotation = Rotation::weekly(people()).starting("2026-01-05T09:00:00Z");
    let schedule = Schedule::builder().team(&team).rotations([rotation]).build();
    let schedule = incidents.add("on-call", schedule);
    let steps = [
        EscalationStep::at_once().schedule(&schedule),
        EscalationStep::after_minutes(15).team(&team),
    ];
    let escalation = Escalation::builder().team(&team).steps(steps).build();
    let escalation = incidents.add("escalation", escalation);
    let routing = Routing::builder().team(&team).routes([Route::to(&escalation)]).build();
    incidents.add("routing", routing);
    let handle = incidents.add("datadog", AlertSource::datadog(&team));
    Some((incidents.reference(), handle.into()))
}

/// What comes with the constructs of a stage.
fn watch(
    datadog: &mut Scope<'_, Datadog>,
    suit: &Accelerator,
    stage: &StageRef,
    on_call: Option<&str>,
) {
    let account = DatadogAwsAccount::builder()
        .account(stage.account)
        .tags([format!("env:{}", stage.name)])
        .regions(suit.regions.iter().copied())
        .build();
    datadog.add(&format!("account-{}", stage.account_name), account);

    let (eks, ecs) = (&stage.platforms.eks, &stage.platforms.ecs);
    let clusters = eks.iter().map(|eks| ("eks", eks.cluster.monitors()));
    let balancers = ecs
        .iter()
        .flat_map(|ecs| [("public", ecs.public.monitors()), ("private", ecs.private.monitors())]);
    let networks = stage.networks.first().map(|network| ("network", network.vpc.monitors()));
    for (what, monitors) in clusters.chain(balancers).chain(networks) {
        let monitors = monitors.tags([format!("team:{TEAM}"), format!("env:{}", stage.name)]);
        let monitors = match on_call {
            // Only production wakes people.
            Some(handle) if stage.is_production => monitors.notify(handle),
            _ => monitors,
        };
        datadog.add(&format!("{what}-{}", stage.account_name), monitors);
    }
}

/// That a service answers, and who hears of it when the budget of errors burns.
fn objective(
    datadog: &mut Scope<'_, Datadog>,
    service: &ServiceRef,
    stage: &StageRef,
    page: Message,
) -> (Text, DatadogSloRef) {
    let name = &service.name;
    let of = [format!("service:{name}"), format!("env:{}", stage.name)];
    let hits = MetricQuery::sum("trace.http.request.hits").over(of.clone()).as_count();
    let errors = MetricQuery::sum("trace.http.request.errors").over(of).as_count();
    let slo = DatadogSlo::builder()
        .name(format!("{name} answers"))
        .sli(Sli::count(hits.clone() - errors, hits))
        .objectives([Objective::new(SloTimeframe::Days30, 99.9)])
        .tags([format!("service:{name}"), format!("team:{TEAM}")])
        .build();
    let slo = datadog.add(&format!("{name}-answers"), slo);
    let burn = BurnRateMonitors::builder().slo(slo.clone()).page(page).build();
    datadog.add(&format!("{name}-burn"), burn);
    (name.clone(), slo)
}
