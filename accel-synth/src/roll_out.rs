//! How stack sets roll out: what AWS refuses of it, by
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackSetOperationPreferences.html>, units
//! that cannot go first, and more order in new accounts than there may be, by
//! <https://aws.amazon.com/blogs/devops/take-fine-grained-control-of-your-aws-cloudformation-stacksets-deployment-with-stackset-dependencies/>.

use accel_core::{
    AccountLimit, ConcurrencyMode, Diagnostic, Diagnostics, Intrinsic, OuRef, Prop,
    RegionConcurrency, StackSet, Targets,
    tree::{Kind, NodeId, Tree},
};
use litemap::LiteMap;

use crate::codes;

/// After how many others a stack set may come in new accounts.
const FIRST: usize = 10;

/// How many such orders there may be in an account.
const ORDERS: usize = 100;

/// Reports every stack set that cannot roll out as it says. `waits` is what each template waits for.
pub(crate) fn check(
    tree: &Tree,
    waits: &LiteMap<NodeId, Vec<NodeId>>,
    diagnostics: &mut Diagnostics,
) {
    let mut orders = 0;
    for node in tree.ids() {
        let Kind::StackSet(set) = tree[node].kind() else { continue };
        let mut check = Check { tree, node, set, diagnostics };
        check.max_concurrent();
        check.failure_tolerance();
        check.region_order();
        check.canary();
        if joins_by_itself(tree, node) {
            let first = waits.get(&node).into_iter().flatten();
            let first = first.filter(|&&first| joins_by_itself(tree, first)).count();
            check.order_in_new_accounts(first);
            orders += first;
        }
    }
    if orders > ORDERS {
        let message = format!(
            "`{}` has {orders} orders between stack sets in new accounts",
            tree[tree.root()].id()
        );
        let location = tree[tree.root()].location();
        diagnostics.push(
            Diagnostic::error(&codes::LIMIT_EXCEEDED, message, location)
                .allowed(format!("at most {ORDERS} in an account of AWS"))
                .help(FEWER_ORDERS),
        );
    }
}

const FEWER_ORDERS: &str = "of sets for the same units that come after one another, name the last alone; or leave new \
     accounts to the next run, which keeps every order: `StackSet::auto_deployment(false)`";

/// Whether AWS deploys a template to new accounts.
fn joins_by_itself(tree: &Tree, template: NodeId) -> bool {
    let Some(Kind::StackSet(set)) = tree.get(template).map(|node| node.kind()) else {
        return false;
    };
    matches!(set.targets(), Targets::Units { .. }) && set.is_auto_deployed()
}

struct Check<'a> {
    tree: &'a Tree,
    node: NodeId,
    set: &'a StackSet,
    diagnostics: &'a mut Diagnostics,
}

impl Check<'_> {
    fn max_concurrent(&mut self) {
        let preferences = self.set.get_operation_preferences();
        let (most, tolerated) = (preferences.max_concurrent, preferences.failure_tolerance);
        let is_strict = preferences.concurrency_mode == ConcurrencyMode::Strict;
        match (most, tolerated) {
            (AccountLimit::Count(0) | AccountLimit::Percentage(0), _) => {
                self.refuse("lets no account begin", "one account or more, 1 to 100 %");
            }
            (AccountLimit::Percentage(percentage @ 101..), _) => self.refuse(
                &format!("lets {percentage} % of the accounts go at once"),
                "one account or more, 1 to 100 %",
            ),
            (AccountLimit::Count(most), AccountLimit::Count(tolerated))
                if is_strict && most > tolerated.saturating_add(1) =>
            {
                let problem = format!(
                    "lets {most} accounts go at once and {tolerated} fail, with `ConcurrencyMode::Strict`"
                );
                let allowed = format!(
                    "at most {} at once, or `ConcurrencyMode::Soft`",
                    tolerated.saturating_add(1)
                );
                self.refuse(&problem, &allowed);
            }
            _ => {}
        }
    }

    fn failure_tolerance(&mut self) {
        if let AccountLimit::Percentage(percentage @ 101..) =
            self.set.get_operation_preferences().failure_tolerance
        {
            let problem = format!("lets {percentage} % of the accounts fail");
            self.refuse(&problem, "0 to 100 %");
        }
    }

    fn region_order(&mut self) {
        let preferences = self.set.get_operation_preferences();
        let RegionConcurrency::Sequential(order) = &preferences.region_concurrency else { return };
        let regions = self.set.get_regions();
        for (index, region) in order.iter().enumerate() {
            let problem = if order[..index].contains(region) {
                format!("names {region} twice in the order of its regions")
            } else if !regions.contains(region) {
                format!("has {region} in the order of its regions, and no instances there")
            } else {
                continue;
            };
            let names: Vec<String> = regions.iter().map(ToString::to_string).collect();
            self.refuse(&problem, &format!("each once: {}", names.join(", ")));
        }
    }

    fn canary(&mut self) {
        let Some(canary) = self.set.get_canary() else { return };
        // A unit of another app was reported where the set was added.
        if self.tree.get(canary.node()).is_none() {
            return;
        }
        let name = self.tree.path(canary.node());
        let units = match self.set.targets() {
            Targets::Units { units, .. } => units.as_slice(),
            Targets::Accounts(_) => &[],
        };
        let problem = if units.is_empty() {
            format!("names accounts, and `{name}` to go first is a unit")
        } else if units.iter().all(|&unit| unit == canary) {
            format!("is for no other unit than `{name}`, which is to go first")
        } else if !units.iter().any(|&unit| self.is_in(canary, unit)) {
            format!("is not for `{name}`, which is to go first")
        } else {
            return;
        };
        let message = format!("`{}` {problem}", self.tree.path(self.node));
        let location = self.tree[self.node].location();
        self.diagnostics.push(
            Diagnostic::error(&codes::CANARY_UNIT, message, location)
                .allowed("one of several units of the set, or a unit below one of them")
                .help("add the unit to `StackSet::for_units`, or let another one go first"),
        );
    }

    /// Whether a unit is another one or below it.
    fn is_in(&self, unit: OuRef, other: OuRef) -> bool {
        let mut node = Some(unit.node());
        // Nobody's parent is made after it, so there are no cycles.
        while let Some(it) = node {
            if it == other.node() {
                return true;
            }
            node = self.parent(it);
        }
        false
    }

    /// The step that makes known where a unit is: another unit, or the organization for the root.
    fn parent(&self, unit: NodeId) -> Option<NodeId> {
        let Kind::Step(step) = self.tree.get(unit)?.kind() else { return None };
        let Prop::Intrinsic(parent) = step.call.as_ref()?.request.get("ParentId")? else {
            return None;
        };
        match **parent {
            Intrinsic::Attr(parent) => Some(parent.node),
            _ => None,
        }
    }

    fn order_in_new_accounts(&mut self, first: usize) {
        if first > FIRST {
            let message = format!(
                "`{}` comes after {first} stack sets, in new accounts too",
                self.tree.path(self.node)
            );
            let location = self.tree[self.node].location();
            self.diagnostics.push(
                Diagnostic::error(&codes::LIMIT_EXCEEDED, message, location)
                    .allowed(format!("at most {FIRST}"))
                    .help(FEWER_ORDERS),
            );
        }
    }

    fn refuse(&mut self, problem: &str, allowed: &str) {
        let message = format!("`{}` {problem}", self.tree.path(self.node));
        let location = self.tree[self.node].location();
        self.diagnostics.push(
            Diagnostic::error(&codes::OPERATION_PREFERENCES, message, location)
                .allowed(allowed)
                .help("change it in `StackSet::operation_preferences`"),
        );
    }
}
