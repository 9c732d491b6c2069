//! One stack set in many accounts and regions.

use std::{
    error::Error,
    time::{Duration, Instant},
};

use accel::{
    cfn::ssm,
    core::{AccountId, AccountInfo},
    prelude::*,
};
use accel_deploy::{
    Place,
    cloud::{CloudExt as _, cloudformation::UpdateStackInstances},
};

use crate::run::{Ready, Timed, memory, on_a_paused_clock, peak};

const REGIONS: &[Region] = &[
    Region::US_EAST_1,
    Region::US_EAST_2,
    Region::US_WEST_1,
    Region::US_WEST_2,
    Region::CA_CENTRAL_1,
    Region::SA_EAST_1,
    Region::EU_CENTRAL_1,
    Region::EU_WEST_1,
    Region::EU_WEST_2,
    Region::EU_WEST_3,
    Region::EU_NORTH_1,
    Region::AP_SOUTH_1,
    Region::AP_NORTHEAST_1,
    Region::AP_NORTHEAST_2,
    Region::AP_NORTHEAST_3,
    Region::AP_SOUTHEAST_1,
    Region::AP_SOUTHEAST_2,
];

#[expect(clippy::print_stdout, reason = "the output is what this program is for")]
pub(crate) fn measure(accounts: u64, regions: usize) -> Result<(), Box<dyn Error>> {
    let ready = Ready::new("instances", app(accounts, regions))?;
    let instances = accounts * regions as u64;
    on_a_paused_clock(async {
        let cloud = Timed::new();
        for what in ["nothing there", "all there", "all there and somebody else's operation"] {
            let before = memory();
            let (begin, worked, asked) = (Instant::now(), cloud.worked(), cloud.calls());
            let (engine, paths) = ready.engine(&cloud).await?;
            let plan = engine.plan(&paths).await.map_err(|error| format!("{error:?}"))?;
            let (all, cloud_time) = (begin.elapsed(), cloud.worked() - worked);
            let grown = peak().zip(before).map(|(peak, before)| peak.saturating_sub(before));
            println!(
                "plan instances={instances} {what} calls={} wall={:.3}s engine={:.3}s memory-before={}MB grown-by={}MB empty={}",
                cloud.calls() - asked,
                all.as_secs_f64(),
                (all - cloud_time).as_secs_f64(),
                before.unwrap_or_default() / 1_000_000,
                grown.unwrap_or_default() / 1_000_000,
                plan.is_empty(),
            );
            match what {
                "nothing there" => {}
                // After which all instances are looked at.
                "all there" => {
                    try_again(&cloud).await?;
                    continue;
                }
                _ => break,
            }
            let before = memory();
            let (begin, worked, calls) = (Instant::now(), cloud.worked(), cloud.calls());
            let simulated = tokio::time::Instant::now();
            ready.deploy(&cloud).await?;
            let (all, cloud_time) = (begin.elapsed(), cloud.worked() - worked);
            println!(
                "deploy instances={instances} wall={:.2}s engine={:.2}s per-instance={:.3}ms calls={} simulated={}s \
                 memory-before={}MB peak={}MB",
                all.as_secs_f64(),
                (all - cloud_time).as_secs_f64(),
                (all - cloud_time).as_secs_f64() * 1000.0 / instances as f64,
                cloud.calls() - calls,
                simulated.elapsed().as_secs(),
                before.unwrap_or_default() / 1_000_000,
                peak().unwrap_or_default() / 1_000_000,
            );
        }
        Ok(())
    })?
}

/// Somebody has an instance tried again that is current, so that nothing happens to it.
async fn try_again(cloud: &Timed) -> Result<(), Box<dyn Error>> {
    let update = UpdateStackInstances {
        stack_set_name: "instances-everywhere".to_owned(),
        accounts: Some(vec!["100000000000".to_owned()]),
        regions: vec![REGIONS[0].name().to_owned()],
        operation_id: Some("by-hand".to_owned()),
        ..UpdateStackInstances::default()
    };
    let place = Place::caller(REGIONS[0].name());
    cloud.call(&place, &update).await.map_err(|error| format!("{error:?}"))?;
    tokio::time::sleep(Duration::from_secs(600)).await;
    Ok(())
}

fn app(accounts: u64, regions: usize) -> App {
    let mut app = App::new("instances");
    let accounts = (0..accounts).map(|n| {
        let id = AccountId::parse(&(100_000_000_000 + n).to_string()).ok();
        let info = AccountInfo { id, ..AccountInfo::default() };
        app.scope().declare_account_as(&format!("account-{n}"), info)
    });
    let accounts: Vec<_> = accounts.collect();
    let regions = REGIONS.iter().take(regions).copied();
    app.open("everywhere", StackSet::for_accounts(accounts).regions(regions))
        .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    app
}
