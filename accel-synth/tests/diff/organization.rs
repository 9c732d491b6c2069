//! Accounts, steps and documents.

use accel_core::{
    AccountInfo, AccountRef, App, Call, Construct, Document, DocumentNode, Format, Level, Object,
    Prop, Protocol, Read, Region, Scope, Step, Within,
};
use accel_synth::diff::diff;

use super::assembly;

/// A level of documents.
#[derive(Debug)]
struct Notes;
impl Level for Notes {}
impl Within<App> for Notes {}

struct Note(Vec<(&'static str, Prop)>);
impl Construct for Note {
    type Level = Notes;
    type Output = ();
    fn build(self, scope: &mut Scope<'_, Notes>) {
        let path = format!("notes/{}.yaml", scope.id());
        scope.document(Document::new(path, Format::Yaml, DocumentNode::map(self.0)));
    }
}

#[test]
fn documents_are_compared_line_by_line() {
    let build = |second: i64, other: Option<&str>| {
        assembly(|app, _| {
            let mut notes = app.open("notes", Notes);
            let lines = ["a", "b", "c", "d", "e", "f"];
            let mut lines: Vec<(_, Prop)> =
                lines.into_iter().map(|line| (line, Prop::from(1))).collect();
            lines[1].1 = second.into();
            notes.add("one", Note(lines));
            if let Some(other) = other {
                notes.add(other, Note(vec![("a", 1.into())]));
            }
        })
    };
    insta::assert_snapshot!(diff(&build(1, Some("two")), &build(2, Some("three"))), @"
    ~ document notes/one.yaml  (+1 -1)

          a: 1
        - b: 1
        + b: 2
          c: 1
          d: 1
    + document notes/three.yaml  (4 lines)
    - document notes/two.yaml  (4 lines)

    1 document to add, 1 to change, 1 to delete
    ");
}

struct Setting {
    account: AccountRef,
    value: &'static str,
    has_inverse: bool,
}
impl Construct for Setting {
    type Level = App;
    type Output = ();
    fn build(self, scope: &mut Scope<'_, App>) {
        let call = |action, request: Object| Call {
            service: "example",
            action,
            protocol: Protocol::Json { target: "Example" },
            request,
        };
        let value: Object = [("Value", self.value)].into_iter().collect();
        let setting = scope.id().to_owned();
        scope.step(Step {
            kind: "setting",
            account: self.account,
            region: Region::US_EAST_1,
            setting: setting.into(),
            call: Some(call("PutSetting", value.clone())),
            read: Read {
                call: call("GetSetting", Object::new()),
                absent: &[],
                pointer: "/Setting",
                expect: value,
                results: Vec::new(),
                prefix: "",
                found: Vec::new(),
            },
            inverse: self.has_inverse.then(|| call("DeleteSetting", Object::new())),
            prerequisites: Vec::new(),
        });
    }
}

#[test]
fn steps_and_accounts_are_compared_by_what_they_own() {
    let build = |ids: [&str; 3], value: &'static str, other: &str| {
        assembly(|app, prod| {
            for (id, value) in ids.into_iter().zip(["same", value, "same"]) {
                app.add(id, Setting { account: prod, value, has_inverse: id.ends_with("undo") });
            }
            app.scope().declare_account_as(other, AccountInfo::default());
        })
    };
    let old = build(["lasting", "changing", "with-undo"], "one", "sandbox");
    let new = build(["other", "changing", "new"], "two", "lab");
    insta::assert_snapshot!(diff(&old, &new), @r#"
    ~ organization
        +   account lab
        -   account sandbox: stays as it is: accounts are not closed
        ~   setting changing
              ~ call.request.Value: "one" -> "two"
              ~ read.expect.Value: "one" -> "two"
        -   setting lasting: stays as it is: nothing takes it back
        +   setting new: PutSetting
        +   setting other: PutSetting
        -   setting with-undo: DeleteSetting

    1 account to add, 1 to delete; 2 steps to add, 1 to change, 2 to delete
    "#);
}
