use accel_core::{App, Construct, Scope, compliance::Framework};
use typed_builder::TypedBuilder;

mod cis;

pub use cis::cis_aws_foundations_5;

/// Holds an app to frameworks: synthesis writes `compliance/report.json`, which says for each control
/// what the synthesized files show of it, with the hash of each file.
///
/// It is evidence of the intended configuration, not of what is deployed. A control without evidence is
/// a `gap`, one that only a person can judge is `manual` and never met.
///
/// ```
/// use accel_constructs::security::{ComplianceReport, cis_aws_foundations_5};
/// use accel_core::{App, Region};
///
/// let mut app = App::new("acme");
/// let cis = cis_aws_foundations_5([Region::EU_WEST_1, Region::US_EAST_1]);
/// app.add("compliance", ComplianceReport::builder().frameworks([cis]).build());
/// ```
///
/// A framework of your own is data: see [`accel_core::compliance`].
#[derive(Clone, Debug, TypedBuilder)]
pub struct ComplianceReport {
    /// What the app is held to.
    #[builder(setter(transform = |frameworks: impl IntoIterator<Item = Framework>| {
        frameworks.into_iter().collect()
    }))]
    frameworks: Vec<Framework>,
}

impl Construct for ComplianceReport {
    type Level = App;
    type Output = ();
    fn build(self, app: &mut Scope<'_, App>) {
        for framework in self.frameworks {
            app.framework(framework);
        }
    }
}
