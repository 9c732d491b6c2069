use super::*;

fn text<C>(expr: &Expr<C>) -> String {
    expr.to_string()
}

#[test]
fn operators_bind_as_they_do_at_github() {
    let (a, b, c) = (variable("A"), variable("B"), variable("C"));
    let either = || a.clone().or(b.clone());
    assert_eq!(text(&either().and(c.clone())), "(vars.A || vars.B) && vars.C");
    assert_eq!(text(&c.clone().and(either())), "vars.C && (vars.A || vars.B)");
    assert_eq!(text(&a.clone().and(b.clone()).or(c.clone())), "vars.A && vars.B || vars.C");
    assert_eq!(text(&a.clone().and(b.clone()).and(c.clone())), "vars.A && vars.B && vars.C");
    assert_eq!(text(&a.clone().is(b.clone()).is(true)), "(vars.A == vars.B) == true");
    assert_eq!(text(&a.clone().is_below(3).is_not(c.is_above(4))), "vars.A < 3 != vars.C > 4");
    assert_eq!(text(&!a.clone().is(b)), "!(vars.A == vars.B)");
    assert_eq!(text(&!cancelled()), "!cancelled()");
    assert_eq!(text(&!!a), "!(!vars.A)");
}

#[test]
fn texts_are_quoted() {
    assert_eq!(text(&github::ACTOR.is("it's")), "github.actor == 'it''s'");
    assert_eq!(
        text(&starts_with(github::REF, "refs/tags/")),
        "startsWith(github.ref, 'refs/tags/')"
    );
}

#[test]
fn properties_with_unusual_names_are_indexed() {
    assert_eq!(text(&secret("API_KEY")), "secrets.API_KEY");
    assert_eq!(text(&secret("a key's")), "secrets['a key''s']");
    assert_eq!(
        text(&github::event("pull_request.labels.*.name")),
        "github.event.pull_request.labels.*.name"
    );
    assert_eq!(text(&from_json(variable("MAP")).get("eu-west-1")), "fromJSON(vars.MAP).eu-west-1");
    assert_eq!(text(&github::SHA.or("x").get("y")), "(github.sha || 'x').y");
}

#[test]
fn an_expression_by_hand_is_never_torn_apart() {
    let raw = Expr::<context::Github>::raw("github.a || github.b");
    assert_eq!(text(&raw.and(true)), "(github.a || github.b) && true");
}

#[test]
fn functions_take_expressions_and_literals() {
    let choice = case(github::is_pull_request(), "preview", github::REF_NAME);
    assert_eq!(
        text(&choice),
        "case(github.event_name == 'pull_request', 'preview', github.ref_name)"
    );
    assert_eq!(text(&hash_files(["**/Cargo.lock", "a"])), "hashFiles('**/Cargo.lock', 'a')");
    assert_eq!(text(&format("v{0}", github::RUN_NUMBER)), "format('v{0}', github.run_number)");
    assert_eq!(text(&contains(to_json(github::SHA), "a")), "contains(toJSON(github.sha), 'a')");
}

#[test]
fn a_template_mixes_texts_and_expressions() {
    let template = "a-" + github::SHA + "-" + variable("B") + "-c";
    assert_eq!(template.to_string(), "a-${{ github.sha }}-${{ vars.B }}-c");
    assert!(!template.untyped);
    assert!((github::SHA + "${{ x }}").untyped);
}

#[test]
fn a_list_becomes_one_text() {
    let scalar = IntoList::<place::Step>::into_list(["a", "b"], "\n");
    assert_eq!(Uses::default().take(scalar), accel_core::Prop::from("a\nb"));
    let scalar = IntoList::<place::Step>::into_list(vec![1, 2], ",");
    assert_eq!(Uses::default().take(scalar), accel_core::Prop::from("1,2"));
}
