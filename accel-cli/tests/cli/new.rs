//! `accel new app`.

use insta::assert_snapshot;

use crate::session::Session;

#[test]
fn a_microservice_gets_what_builds_and_deploys_it() {
    let session = Session::new();
    assert_snapshot!(session.accel("new app shop --archetype microservice --owner acme"), @r"
    create  .dockerignore
    create  .github/CODEOWNERS
    create  .github/dependabot.yml
    create  .github/pull_request_template.md
    create  Dockerfile
    create  ONBOARDING.md
    create  chart/Chart.yaml
    create  chart/templates/deployment.yaml
    create  chart/templates/ingress.yaml
    create  chart/templates/service.yaml
    create  chart/values.yaml
    11 created, 0 unchanged, 0 kept in shop
    ");
    assert_snapshot!("dockerfile", session.read("shop/Dockerfile"));
    assert_snapshot!("dependabot", session.read("shop/.github/dependabot.yml"));
    assert_snapshot!("onboarding", session.read("shop/ONBOARDING.md"));
    let deployment = session.read("shop/chart/templates/deployment.yaml");
    assert!(deployment.contains("replicas: {{ .Values.replicas }}"), "{deployment}");
}

#[test]
fn a_second_run_changes_nothing() {
    for archetype in ["microservice", "spa", "library", "executable"] {
        let session = Session::new();
        let command = format!("new app shop --archetype {archetype} --path there");
        session.accel(&command);
        let files = session.files("there");
        let texts: Vec<_> =
            files.iter().map(|file| session.read(&format!("there/{file}"))).collect();
        let count = files.len();
        assert_eq!(
            session.accel(&command),
            format!("0 created, {count} unchanged, 0 kept in there\n")
        );
        for (file, text) in files.iter().zip(texts) {
            assert!(!text.contains("{%"), "{file}: {text}");
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{file}: {text:?}");
            assert_eq!(session.read(&format!("there/{file}")), text);
        }
    }
}

#[test]
fn each_archetype_has_its_files() {
    let session = Session::new();
    let files = |archetype: &str| {
        session.accel(&format!("new app {archetype} --archetype {archetype}"));
        session.files(archetype).join("\n")
    };
    assert_snapshot!(files("spa"), @r"
    .github/CODEOWNERS
    .github/dependabot.yml
    .github/pull_request_template.md
    .npmrc
    .nvmrc
    ONBOARDING.md
    ");
    assert_snapshot!(files("library"), @r"
    .github/CODEOWNERS
    .github/dependabot.yml
    .github/pull_request_template.md
    ONBOARDING.md
    ");
    assert_snapshot!(files("executable"), @r"
    .github/CODEOWNERS
    .github/dependabot.yml
    .github/pull_request_template.md
    ONBOARDING.md
    SECURITY.md
    ");
}

#[test]
fn a_service_of_ecs_has_no_chart() {
    let session = Session::new();
    session.accel("new app shop --archetype microservice --target ecs --language go");
    assert!(!session.files("shop").iter().any(|file| file.starts_with("chart")));
    assert!(session.read("shop/ONBOARDING.md").contains("EcsDeployment::new(prod"));
    assert!(session.read("shop/Dockerfile").contains("FROM golang:"));
}

#[test]
fn a_file_of_somebody_else_stays_and_nothing_is_written() {
    let session = Session::new();
    session.write("shop/SECURITY.md", "Write to us.\n");
    session.write("shop/.github/CODEOWNERS", "* @us\n");
    assert_snapshot!(session.accel("new app shop --archetype executable"), @r"
    --- stderr
    error[foreign-file]: `shop/.github/CODEOWNERS` is there already, and differs
       = help: nothing was written; `--keep` leaves such files as they are and writes the others

    error[foreign-file]: `shop/SECURITY.md` is there already, and differs
       = help: nothing was written; `--keep` leaves such files as they are and writes the others

    2 errors
    --- exit 1
    ");
    assert_eq!(session.files("shop"), [".github/CODEOWNERS", "SECURITY.md"]);
    assert_snapshot!(session.accel("new app shop --archetype executable --keep"), @r"
    create  .github/dependabot.yml
    create  .github/pull_request_template.md
    create  ONBOARDING.md
    keep    .github/CODEOWNERS
    keep    SECURITY.md
    3 created, 0 unchanged, 2 kept in shop
    ");
    assert_eq!(session.read("shop/SECURITY.md"), "Write to us.\n");
}

#[test]
fn what_cannot_be_written_leaves_nothing_behind() {
    let session = Session::new();
    // A file where a folder would be.
    session.write("shop/chart", "");
    let shown = session.accel("new app shop --archetype microservice");
    assert!(shown.contains("error[cannot-write]"), "{shown}");
    assert_eq!(session.files("shop"), ["chart"]);
}

#[test]
fn an_archetype_that_does_not_exist_is_said_with_the_nearest_one() {
    let session = Session::new();
    assert_snapshot!(session.accel("new app shop --archetype microservce"), @r"
    --- stderr
    error[unknown-archetype]: there is no archetype `microservce`
       = help: did you mean `microservice`?

    1 error
    --- exit 1
    ");
    assert_snapshot!(session.accel("new app shop --archetype monolith"), @r"
    --- stderr
    error[unknown-archetype]: there is no archetype `monolith`
       = help: they are microservice, spa, library, executable

    1 error
    --- exit 1
    ");
    assert_eq!(session.files(""), ["accel.lock"]);
}

#[test]
fn names_are_those_that_clusters_and_hosts_take() {
    let session = Session::new();
    assert_snapshot!(session.accel("new app Shop_1 --archetype spa --owner a--b"), @r#"
    --- stderr
    error[invalid-application]: "Shop_1" cannot be the name of an application
       = help: 1 to 40 lower-case letters, digits and single hyphens, the first a letter

    error[invalid-application]: "a--b" cannot be an owner on GitHub
       = help: up to 39 letters, digits and single hyphens

    2 errors
    --- exit 1
    "#);
    assert_snapshot!(session.accel("new app shop --archetype spa --language rust"), @r"
    --- stderr
    error[invalid-application]: the archetype `spa` is not built with rust
       = help: it is built with node

    1 error
    --- exit 1
    ");
    assert_eq!(session.files(""), ["accel.lock"]);
}
