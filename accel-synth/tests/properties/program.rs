//! Random programs.

use accel_core::{
    AccountInfo, AccountRef, App, Attr, Audience, Handle, Prop, Region, Resource, Scope, ScopeRef,
    Stack, StackSet, TagStyle, Template, Value, account_id,
    template::{Condition, Output, Parameter},
    tree::NodeId,
};
use proptest::{prelude::*, sample::Index};

/// Something that a program does. Places and targets are positions among what there is so far.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    OpenStack { id: String, account: Index, region: Index },
    OpenSet { id: String, accounts: usize, regions: usize },
    Add { place: Index, id: String, kind: Index },
    Parameter { place: Index, id: String, secret: bool },
    Refer { from: Index, to: Index, attribute: Option<()>, share: Option<Index> },
    DependOn { from: Index, to: Index },
    Condition { from: Index, place: Index, id: String },
    Output { place: Index, id: String, of: Index },
    Publish { set: Index, key: String, of: Index, user: Index },
    Tag { place: Index, key: String },
    Table { on: Index, regions: usize, by_account: bool },
    After { place: Index, other: Index },
    Move { old: String, new: Index },
    Stranger { from: Index },
}

/// Mostly good ids, a few of which come up often, and all kinds of bad ones.
fn id() -> impl Strategy<Value = String> {
    prop_oneof![
        60 => "[a-f][0-9]",
        20 => "[a-zA-Z0-9][a-zA-Z0-9_.-]{0,12}",
        1 => "\\PC{0,8}",
        1 => Just(String::new()),
        1 => Just("a/b".to_owned()),
        1 => "[a-z]{120,140}",
    ]
}

pub(crate) fn act() -> impl Strategy<Value = Act> {
    let index = any::<Index>;
    prop_oneof![
        3 => (id(), index(), index()).prop_map(|(id, account, region)| Act::OpenStack { id, account, region }),
        1 => (id(), 0..3_usize, 0..3_usize)
            .prop_map(|(id, accounts, regions)| Act::OpenSet { id, accounts, regions }),
        16 => (index(), id(), index()).prop_map(|(place, id, kind)| Act::Add { place, id, kind }),
        1 => (index(), id(), any::<bool>())
            .prop_map(|(place, id, secret)| Act::Parameter { place, id, secret }),
        4 => (index(), index(), any::<Option<()>>(), any::<Option<Index>>())
            .prop_map(|(from, to, attribute, share)| Act::Refer { from, to, attribute, share }),
        1 => (index(), index()).prop_map(|(from, to)| Act::DependOn { from, to }),
        1 => (index(), index(), id()).prop_map(|(from, place, id)| Act::Condition { from, place, id }),
        1 => (index(), id(), index()).prop_map(|(place, id, of)| Act::Output { place, id, of }),
        1 => (index(), id(), index(), index())
            .prop_map(|(set, key, of, user)| Act::Publish { set, key, of, user }),
        1 => (index(), id()).prop_map(|(place, key)| Act::Tag { place, key }),
        1 => (index(), 0..3_usize, any::<bool>())
            .prop_map(|(on, regions, by_account)| Act::Table { on, regions, by_account }),
        1 => (index(), index()).prop_map(|(place, other)| Act::After { place, other }),
        1 => (id(), index()).prop_map(|(old, new)| Act::Move { old, new }),
        1 => index().prop_map(|from| Act::Stranger { from }),
    ]
}

pub(crate) const REGIONS: [Region; 3] = [Region::EU_WEST_1, Region::US_EAST_1, Region::CN_NORTH_1];
const TYPES: [&str; 4] = ["Custom::Thing", "AWS::SNS::Topic", "Custom::Other", "AWS::S3::Bucket"];

/// An app while random things happen to it.
pub(crate) struct Program {
    pub(crate) app: App,
    accounts: Vec<AccountRef>,
    stacks: Vec<ScopeRef<Stack>>,
    sets: Vec<ScopeRef<StackSet>>,
    resources: Vec<Handle>,
    values: Vec<Attr<String>>,
    stranger: Handle,
}

impl Program {
    pub(crate) fn new() -> Self {
        let mut other = App::new("other");
        let account = other.scope().declare_account_as("prod", AccountInfo::default());
        let stranger = other
            .open("apps", Stack::new(account.in_region(REGIONS[0])))
            .add("thing", Resource::new("Custom::Thing"));
        let mut app = App::new("test");
        let known = AccountInfo { id: Some(account_id!("111111111111")), ..AccountInfo::default() };
        let accounts = vec![
            app.scope().declare_account_as("prod", known),
            app.scope().declare_account_as("dev", AccountInfo::default()),
        ];
        let stack = Stack::new(accounts[0].in_region(REGIONS[0]));
        let stacks = vec![app.open("first", stack).reference()];
        let (sets, resources, values) = (Vec::new(), Vec::new(), Vec::new());
        Self { app, accounts, stacks, sets, resources, values, stranger }
    }

    /// Does something in one of the templates.
    fn within<T>(&mut self, place: Index, act: impl FnOnce(&mut Scope<'_, Template>) -> T) -> T {
        let place = place.index(self.stacks.len() + self.sets.len());
        match self.stacks.get(place) {
            Some(stack) => act(&mut self.app.reopen(*stack).template()),
            None => act(&mut self.app.reopen(self.sets[place - self.stacks.len()]).template()),
        }
    }

    fn place(&self, place: Index) -> NodeId {
        let stacks = self.stacks.iter().map(|stack| stack.node());
        let nodes = stacks.chain(self.sets.iter().map(|set| set.node()));
        let nodes: Vec<_> = nodes.chain(self.resources.iter().map(|one| one.node())).collect();
        *place.get(&nodes)
    }

    pub(crate) fn perform(&mut self, act: Act) {
        match act {
            Act::OpenStack { id, account, region } => {
                let stack =
                    Stack::new(account.get(&self.accounts).in_region(*region.get(&REGIONS)));
                self.stacks.push(self.app.open(&id, stack).reference());
            }
            Act::OpenSet { id, accounts, regions } => {
                let set = StackSet::for_accounts(self.accounts[..accounts].to_vec());
                let set = set.regions(REGIONS[..regions].to_vec());
                self.sets.push(self.app.open(&id, set).reference());
            }
            Act::Add { place, id, kind } => {
                let resource = Resource::new(*kind.get(&TYPES)).taggable(TagStyle::List("Tags"));
                let resource = self.within(place, |template| template.add(&id, resource));
                self.resources.push(resource);
            }
            Act::Parameter { place, id, secret } => {
                let value = self.within(place, |template| match secret {
                    true => template.add(&id, Parameter::secret()).cast(),
                    false => template.add(&id, Parameter::string()),
                });
                self.values.push(value);
            }
            act if self.resources.is_empty() => drop(act),
            Act::Refer { from, to, attribute, share } => {
                let to = Attr::<String>::new(*to.get(&self.resources), attribute.map(|()| "Name"));
                let value = match share {
                    Some(with) if with.index(2) == 0 => {
                        let stack = self.stacks[0];
                        self.app.reopen(stack).share(to, Audience::Organization).into()
                    }
                    Some(with) => {
                        let (stack, account) = (self.stacks[0], *with.get(&self.accounts));
                        Prop::from(self.app.reopen(stack).share(to, account))
                    }
                    None => Prop::from(to),
                };
                self.app[*from.get(&self.resources)]
                    .set(format!("P{}", value_count(&value)), value);
            }
            Act::DependOn { from, to } => {
                let to = *to.get(&self.resources);
                self.app[*from.get(&self.resources)].depends_on(to);
            }
            Act::Condition { from, place, id } => {
                let condition = Condition::equals(Value::own_region(), "eu-west-1");
                let condition = self.within(place, |template| template.add(&id, condition));
                self.app[*from.get(&self.resources)].condition(condition);
            }
            Act::Output { place, id, of } => {
                let mut values = self.values.clone();
                values.extend(self.resources.iter().map(|one| Attr::new(*one, None)));
                let output = Output::new(*of.get(&values));
                self.within(place, |template| template.add(&id, output));
            }
            Act::Publish { set, key, of, user } => {
                if self.sets.is_empty() {
                    return;
                }
                let attr = Attr::<String>::new(*of.get(&self.resources), None);
                let published = self.app.reopen(*set.get(&self.sets)).publish(&key, attr);
                let value = published.in_environment(self.accounts[0].in_region(REGIONS[0]));
                self.app[*user.get(&self.resources)].set("Published", value);
            }
            Act::Tag { place, key } => {
                self.within(place, |template| template.tag(key, Value::own_partition()));
            }
            Act::Table { on, regions, by_account } => {
                let value = if by_account {
                    let rows =
                        self.accounts[..regions.min(2)].iter().map(|account| (*account, "row"));
                    Value::<String>::by_account("key", rows)
                } else {
                    Value::<String>::by_region(
                        REGIONS[..regions].iter().map(|region| (*region, "row")),
                    )
                };
                self.app[*on.get(&self.resources)].set("Table", value);
            }
            Act::After { place, other } => {
                let other = self.place(other);
                let stack = self.stacks[place.index(self.stacks.len())];
                self.app.reopen(stack).after(other);
            }
            Act::Move { old, new } => {
                let new = self.app.tree().path(self.place(new));
                self.app.moved(&format!("prod/eu-west-1/first/{old}"), &new);
            }
            Act::Stranger { from } => {
                let stranger = Attr::<String>::new(self.stranger, None);
                self.app[*from.get(&self.resources)].set("Stranger", stranger);
            }
        }
    }
}

/// Something that differs among values, so that not every reference replaces the last one.
fn value_count(value: &Prop) -> usize {
    format!("{value:?}").len() % 4
}
