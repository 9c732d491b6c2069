//! Many stack sets of which none changes.

use std::{collections::BTreeMap, error::Error};

use accel::{
    cfn::ssm,
    core::{AccountInfo, account_id},
    prelude::*,
};

use crate::run::{Ready, Timed, on_a_paused_clock};

#[expect(clippy::print_stdout, reason = "the output is what this program is for")]
pub(crate) fn measure(sets: u32) -> Result<(), Box<dyn Error>> {
    let ready = Ready::new("calls", app(sets))?;
    on_a_paused_clock(async {
        let cloud = Timed::new();
        ready.deploy(&cloud).await?;
        let first = cloud.cloud.calls().len();
        ready.deploy(&cloud).await?;
        let calls = cloud.cloud.calls().split_off(first);
        let mutating = calls.iter().filter(|(_, call)| !call.is_read()).count();
        let mut actions: BTreeMap<String, usize> = BTreeMap::new();
        for (_, call) in &calls {
            *actions.entry(format!("{}:{}", call.service, call.action)).or_default() += 1;
        }
        let of_sets = actions
            .iter()
            .filter(|(name, _)| name.contains("StackSet") || name.contains("StackInstances"));
        println!(
            "no-change sets={sets} calls={} per-set={:.2} mutating={mutating} {actions:?}",
            calls.len(),
            of_sets.map(|(_, count)| *count as f64).sum::<f64>() / f64::from(sets),
        );
        Ok(())
    })?
}

fn app(sets: u32) -> App {
    let mut app = App::new("calls");
    let info = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
    let account = app.scope().declare_account_as("account", info);
    for n in 0..sets {
        app.open(
            &format!("set-{n}"),
            StackSet::for_accounts([account]).regions([Region::EU_WEST_1]),
        )
        .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    }
    app
}
