//! What a tree does besides holding constructs: whom it blames, where it puts stacks, what cascades.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

use std::panic::Location;

use accel_core::{
    AccountInfo, AccountRef, App, Aspect, Code, Construct, Diagnostics, Guardrail, Handle, Level,
    Prop, Region, Resource, Scope, ScopeRef, Site, Stack, TagStyle, Template, Within, tree::Tree,
};

const HERE: Region = Region::EU_WEST_1;

fn account(app: &mut App, name: &str) -> AccountRef {
    app.scope().declare_account_as(name, AccountInfo::default())
}

fn thing() -> Resource {
    Resource::new("AWS::Test::Thing").taggable(TagStyle::List("Tags"))
}

fn resource<'a>(tree: &'a Tree, path: &str) -> &'a Resource {
    let node = tree.ids().find(|&node| tree.path(node) == path).unwrap();
    tree[node].resource().unwrap()
}

#[test]
fn a_stack_is_below_its_account_and_region_under_the_ids_of_its_scopes() {
    struct Network(AccountRef);
    impl Construct for Network {
        type Level = App;
        type Output = ScopeRef<Stack>;
        fn build(self, app: &mut Scope<'_, App>) -> ScopeRef<Stack> {
            let mut stack = app.open("vpcs", Stack::new(self.0.in_region(HERE)));
            stack.add("vpc", thing());
            stack.reference()
        }
    }
    let mut app = App::new("test");
    let prod = account(&mut app, "prod");
    let stack = app.add("network", Network(prod));
    let mut stack = app.reopen(stack);
    stack.add("more", thing());
    assert_eq!(stack.path(), "prod/eu-west-1/network/vpcs");
    assert_eq!((stack.id(), stack.region()), ("vpcs", HERE));
    let tree = app.into_tree();
    resource(&tree, "prod/eu-west-1/network/vpcs/vpc");
    resource(&tree, "prod/eu-west-1/network/vpcs/more");
}

#[test]
fn a_problem_deep_in_a_library_is_blamed_on_the_line_that_added_it() {
    static BROKEN: Code = Code::new("broken", "For this test.");
    struct Inner;
    impl Construct for Inner {
        type Level = Template;
        type Output = ();
        fn build(self, template: &mut Scope<'_>) {
            template.error(&BROKEN, "it is broken");
        }
    }
    struct Outer;
    impl Construct for Outer {
        type Level = Template;
        type Output = ();
        fn build(self, template: &mut Scope<'_>) {
            template.add("inner", Inner);
        }
    }
    let mut app = App::new("test");
    let prod = account(&mut app, "prod");
    let mut stack = app.open("apps", Stack::new(prod.in_region(HERE)));
    let line = line!() + 1;
    stack.add("outer", Outer);
    let problems = app.into_tree().take_diagnostics();
    let lines: Vec<u32> = problems.iter().map(|problem| problem.location.line()).collect();
    assert_eq!(lines, [line]);
}

#[test]
fn a_property_set_later_keeps_its_own_line() {
    let mut app = App::new("test");
    let prod = account(&mut app, "prod");
    let vpc = app.open("apps", Stack::new(prod.in_region(HERE))).add("vpc", thing());
    let line = line!() + 1;
    app[vpc].set("Name", "x");
    let tree = app.into_tree();
    let vpc = resource(&tree, "prod/eu-west-1/apps/vpc");
    assert_eq!(vpc.overridden_at("Name").map(Location::line), Some(line));
    assert_eq!(vpc.overridden_at("Other"), None);
}

#[test]
fn the_innermost_tag_wins_and_a_resources_own_over_all() {
    let mut app = App::new("test");
    app.tag("owner", "platform");
    app.tag("cost", "1");
    let prod = account(&mut app, "prod");
    let mut stack = app.open("apps", Stack::new(prod.in_region(HERE)));
    stack.tag("owner", "apps");
    stack.tag("owner", "apps-again");
    let one = stack.add("one", thing());
    stack[one].tag("cost", "2");
    stack.add("two", thing());
    stack.add("untaggable", Resource::new("AWS::Test::Thing"));
    let mut tree = app.into_tree();
    tree.apply_aspects();
    let tags = |path: &str| {
        let tags = resource(&tree, path).tags().iter();
        tags.map(|(key, value)| format!("{key}={}", value.as_str().unwrap())).collect::<Vec<_>>()
    };
    assert_eq!(tags("prod/eu-west-1/apps/one"), ["cost=2", "owner=apps-again"]);
    assert_eq!(tags("prod/eu-west-1/apps/two"), ["cost=1", "owner=apps-again"]);
    assert!(tags("prod/eu-west-1/apps/untaggable").is_empty());
}

#[derive(Debug)]
struct Append(&'static str);
impl Aspect for Append {
    fn visit(&self, resource: &mut Resource, site: &Site<'_>) {
        assert!(site.path().starts_with("prod/eu-west-1/apps"));
        let before = resource.get("Text").and_then(Prop::as_str).unwrap_or_default();
        let text = format!("{before}{}", self.0);
        resource.set("Text", text);
    }
}

#[derive(Debug)]
struct NoText;
impl Guardrail for NoText {
    fn code(&self) -> &'static Code {
        static CODE: Code = Code::new("no-text", "For this test.");
        &CODE
    }
    fn check(&self, resource: &Resource, _: &Site<'_>) -> Option<String> {
        let text = resource.get("Text").and_then(Prop::as_str)?;
        Some(format!("has the text {text:?}"))
    }
}

#[test]
fn aspects_run_once_in_order_and_guardrails_see_the_result() {
    let mut app = App::new("test");
    app.guardrail(NoText);
    app.aspect(Append("a"));
    let prod = account(&mut app, "prod");
    let mut stack = app.open("apps", Stack::new(prod.in_region(HERE)));
    stack.aspect(Append("b"));
    stack.add("one", thing());
    let mut tree = app.into_tree();
    tree.apply_aspects();
    let mut findings = Diagnostics::default();
    tree.check_guardrails(&mut findings);
    let findings: Vec<_> = findings.iter().map(|finding| finding.message.as_str()).collect();
    assert_eq!(findings, ["`prod/eu-west-1/apps/one` has the text \"ab\""]);
}

#[derive(Debug)]
struct Team {
    home: Option<ScopeRef<Stack>>,
    account: AccountRef,
}
impl Within<App> for Team {}
impl Level for Team {
    fn opened(scope: &mut Scope<'_, Self>) {
        let Some(account) = scope.level().map(|team| team.account) else { return };
        let home = scope.open("home", Stack::new(account.in_region(HERE))).reference();
        if let Some(team) = scope.level_mut() {
            team.home = Some(home);
        }
    }
}
impl Within<Team> for Stack {}

struct Member;
impl Construct for Member {
    type Level = Team;
    type Output = Handle;
    fn build(self, team: &mut Scope<'_, Team>) -> Handle {
        let home = team.level().and_then(|team| team.home).unwrap();
        team.continue_in(home).add("thing", thing())
    }
}

#[test]
fn a_level_opens_what_it_always_has_and_its_constructs_continue_there() {
    let mut app = App::new("test");
    let account = account(&mut app, "prod");
    let mut team = app.open("team", Team { home: None, account });
    team.add("anna", Member);
    team.add("berta", Member);
    let tree = app.into_tree();
    resource(&tree, "prod/eu-west-1/team/home/anna/thing");
    resource(&tree, "prod/eu-west-1/team/home/berta/thing");
}
