//! What somebody else has done to an organization, and is not as it should be: what is said of it, and what is done.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use accel::{cfn::ssm, prelude::*};
use accel_deploy::{Allowed, Call, CloudError, Outcome, Place, Standing, cloud::AccountKey};
use accel_simulator::{Account as Member, SimulatedCloud};

use super::{
    HERE, cloud_of, deploy, engine, graph,
    meddling::{Between, run, run_with, sent},
    on_a_paused_clock, plan,
};

/// An organization with an account in a unit, that administers a service, and has a stack.
fn organization(value: &'static str) -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    let account = Account::builder().email(email!("aws+prod@example.com")).unit(unit);
    let prod = org.add("prod", account.access_role("Entrance").build());
    org.delegated_administrator("guardduty.amazonaws.com", prod);
    app.open("service", Stack::new(prod.in_region(HERE)))
        .add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, value));
    app
}

fn open(directory: &Path) -> Arc<SimulatedCloud> {
    cloud_of(directory, organization("a"))
}

#[test]
fn an_account_that_somebody_has_moved_is_moved_back() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = open(directory.path());
        assert_eq!(deploy(&cloud, organization("a")).await.failed, []);
        let parent = |cloud: &SimulatedCloud| {
            cloud.world(|world| {
                let organization = world.organization.as_mut().expect("an organization");
                let mut accounts = organization.accounts.iter_mut();
                let (_, prod) = accounts.find(|(_, it)| it.name == "prod").expect("an account");
                std::mem::replace(&mut prod.parent, "r-sim1".to_owned())
            })
        };
        let before = parent(&cloud);
        let planned = plan(&cloud, organization("a")).await;
        assert!(!planned.is_empty(), "{planned}");
        let outcome = deploy(&cloud, organization("a")).await;
        assert_eq!((outcome.failed.len(), outcome.changed.len()), (0, 1));
        assert_eq!(sent(&cloud, "MoveAccount"), 2);
        assert_eq!(parent(&cloud), before);
    });
}

/// Units are found by their names.
#[test]
fn a_unit_that_somebody_has_renamed_is_named_and_another_one_made() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = open(directory.path());
        let planned = plan(&cloud, organization("a")).await.to_string();
        assert!(!planned.contains("renamed"), "{planned}");
        assert_eq!(deploy(&cloud, organization("a")).await.failed, []);
        let id = cloud.world(|world| {
            let organization = world.organization.as_mut().expect("an organization");
            let (id, unit) = organization.units.iter_mut().next().expect("a unit");
            unit.name = "apps".to_owned();
            id.clone()
        });
        let planned = plan(&cloud, organization("a")).await.to_string();
        let says = format!(
            "+ org/workloads\n    somebody has renamed or deleted it: if it is `apps` ({id}), give it its name back; \
             otherwise that stays as it is, and a new unit is made\n"
        );
        assert!(planned.contains(&says), "{planned}");
        assert_eq!(deploy(&cloud, organization("a")).await.failed, []);
        // The account is in the unit that the app has; the other one stays.
        cloud.world(|world| {
            let organization = world.organization.as_mut().expect("an organization");
            let names = organization.units.values().map(|unit| unit.name.as_str());
            assert_eq!(names.collect::<Vec<_>>(), ["apps", "workloads"]);
            let prod = organization.accounts.values().find(|it| it.name == "prod");
            assert_ne!(prod.expect("an account").parent, id);
        });
        assert!(plan(&cloud, organization("a")).await.is_empty());
    });
}

#[test]
fn who_administers_a_service_already_is_not_registered_again() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = open(directory.path());
        assert_eq!(deploy(&cloud, organization("a")).await.failed, []);
        cloud.world(|world| {
            let organization = world.organization.as_mut().expect("an organization");
            assert_eq!(organization.administrators.len(), 1);
            organization.administrators.clear();
        });
        // Somebody is as fast as this run, whose call is answered with `AccountAlreadyRegistered`.
        let raced = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |cloud: &SimulatedCloud, _: &Place, call: &Call| {
                if call.action == "RegisterDelegatedAdministrator" {
                    let account = call.request["AccountId"].as_str().unwrap_or_default();
                    let service = call.request["ServicePrincipal"].as_str().unwrap_or_default();
                    let pair = (service.to_owned(), account.to_owned());
                    cloud.world(|world| {
                        let organization = world.organization.as_mut().expect("an organization");
                        organization.administrators.insert(pair);
                    });
                }
                None
            },
        });
        let outcome = run(&raced, organization("a")).await;
        assert_eq!((outcome.failed, outcome.changed.len()), (Vec::new(), 1));
    });
}

#[test]
fn who_is_shut_out_of_an_account_is_told_before_anything_is_changed() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = open(directory.path());
        let outcome = deploy(&cloud, organization("a")).await;
        let lock = known(&outcome);
        let shut = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |_: &SimulatedCloud, place: &Place, call: &Call| {
                let message = "not authorized to perform: sts:AssumeRole";
                matches!(place.account, AccountKey::Id(_)).then(|| {
                    Err(CloudError::answer(&call.service, &call.action, "AccessDenied", message))
                })
            },
        });
        let before = cloud.mutating_calls();
        let outcome = run_with(&shut, organization("b"), &lock).await;
        let reason = &outcome.failed[0].reason;
        assert!(
            reason.starts_with(
                "the caller does not come into the account `prod` (200000000001) by the role `Entrance`, which \
                 the program names: sts:GetCallerIdentity: AccessDenied: "
            ),
            "{reason}"
        );
        assert_eq!((outcome.failed.len(), outcome.changed.len()), (1, 0));
        assert_eq!(cloud.mutating_calls(), before);
        // Somebody has closed it.
        cloud.world(|world| {
            let organization = world.organization.as_mut().expect("an organization");
            let mut accounts = organization.accounts.values_mut();
            let prod = accounts.find(|it| it.name == "prod").expect("an account");
            prod.state = "SUSPENDED".to_owned();
        });
        let outcome = run_with(&cloud, organization("b"), &lock).await;
        let reason = &outcome.failed[0].reason;
        assert!(reason.starts_with("the account `prod` (200000000001) is SUSPENDED: "), "{reason}");
        assert_eq!(cloud.mutating_calls(), before);
    });
}

/// An organization with an account in a unit, and a stack set for that unit.
fn by_unit() -> App {
    let mut app = App::new("example");
    let mut org = app.open("org", Organization::create(email!("aws@example.com")));
    let unit = org.add("workloads", OrganizationalUnit::builder().build());
    org.add("prod", Account::builder().email(email!("aws+prod@example.com")).unit(unit).build());
    let access = org.stack_set_access();
    let mut set = org.open("everywhere", StackSet::for_units([unit]).regions([HERE]));
    set.after(access);
    set.add("on", ssm::Parameter::new(ssm::parameter::Type::STRING, "a"));
    drop(set);
    drop(org);
    app
}

/// No lock file knows its id: it is found by its address, and its address is taken.
#[test]
fn an_account_that_was_closed_is_not_made_a_second_time() {
    for state in ["SUSPENDED", "PENDING_CLOSURE"] {
        for build in [|| organization("a"), by_unit] {
            on_a_paused_clock(async |_| {
                let directory = tempfile::tempdir().unwrap();
                let cloud = cloud_of(directory.path(), build());
                assert_eq!(deploy(&cloud, build()).await.failed, []);
                cloud.world(|world| {
                    let organization = world.organization.as_mut().expect("an organization");
                    let mut accounts = organization.accounts.values_mut();
                    let prod = accounts.find(|it| it.name == "prod").expect("an account");
                    prod.state = state.to_owned();
                });
                let before = cloud.mutating_calls();
                let (engine, paths) = engine(&cloud, graph(build()), Allowed::default()).await;
                let reason = engine.plan(&paths).await.expect_err("a refusal").reason;
                let says = format!(
                    "the account `prod` (200000000001) is {state}: let AWS Support reopen it, which they do for 90 days, \
                     give the account of the app another address, or take the account and what is in it out of the app"
                );
                assert_eq!(reason, says);
                let outcome = engine.apply(&paths, |_| {}).await;
                let reasons: Vec<_> = outcome.failed.iter().map(|it| &it.reason).collect();
                assert_eq!((reasons, outcome.changed.len()), (vec![&says], 0));
                assert_eq!(cloud.mutating_calls(), before);
                let standing = engine.status(&paths).await.expect("a status");
                let of = standing.iter().find(|it| it.path == "org/prod").expect("a node");
                assert_eq!((of.standing, of.reason.as_ref()), (Standing::Bad, Some(&says)));
            });
        }
    }
}

/// A killed run has asked for it, and it is there a moment after this one has looked.
#[test]
fn an_account_that_comes_between_look_and_request_is_not_asked_for_again() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = open(directory.path());
        let comes = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |cloud: &SimulatedCloud, _: &Place, call: &Call| {
                if call.action == "ListCreateAccountStatus" {
                    cloud.world(|world| {
                        let organization = world.organization.as_mut().expect("an organization");
                        let account = Member {
                            name: "prod".to_owned(),
                            email: "aws+prod@example.com".to_owned(),
                            parent: "r-sim1".to_owned(),
                            state: "ACTIVE".to_owned(),
                        };
                        organization.accounts.insert("200000000001".to_owned(), account);
                    });
                }
                None
            },
        });
        assert_eq!(run(&comes, organization("a")).await.failed, []);
        assert_eq!(sent(&cloud, "CreateAccount"), 0);
    });
}

#[test]
fn an_account_that_is_suspended_midway_fails_alone() {
    on_a_paused_clock(async |_| {
        let directory = tempfile::tempdir().unwrap();
        let cloud = open(directory.path());
        let suspended = Arc::new(Between {
            cloud: Arc::clone(&cloud),
            before: |cloud: &SimulatedCloud, _: &Place, call: &Call| {
                if call.action == "CreateChangeSet" {
                    cloud.world(|world| {
                        let organization = world.organization.as_mut().expect("an organization");
                        let mut accounts = organization.accounts.values_mut();
                        let prod = accounts.find(|it| it.name == "prod").expect("an account");
                        prod.state = "SUSPENDED".to_owned();
                    });
                }
                None
            },
        });
        let outcome = run(&suspended, organization("a")).await;
        let paths: Vec<_> = outcome.failed.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, ["prod/eu-west-1/service"]);
        assert!(outcome.failed[0].reason.contains("AccessDenied"), "{:?}", outcome.failed);
    });
}

/// What a lock file would know of accounts after a run.
fn known(outcome: &Outcome) -> BTreeMap<String, String> {
    let id = outcome.values.account("prod").map(str::to_owned);
    id.map(|id| ("prod".to_owned(), id)).into_iter().collect()
}
