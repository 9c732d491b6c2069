use accel_cfn::budgets::{
    self,
    budget::{BudgetData, Notification, NotificationWithSubscribers, Spend, Subscriber},
};
use accel_core::{Construct, Diagnostic, Email, Scope, Template, Text};
use typed_builder::TypedBuilder;

use super::codes::BUDGET_SUBSCRIBERS;

/// What an account may cost in a month, and who is told before it costs more.
///
/// It lives in a template, so that a stack set brings it to all accounts; see
/// [`EveryAccount`](super::EveryAccount). A budget is the account's, not the region's: give it one region.
///
/// ```
/// use accel_constructs::foundation::{EveryAccount, MonthlyBudget, Organization};
/// use accel_core::{Scope, email};
///
/// fn watch_costs(org: &mut Scope<'_, Organization>) {
///     let budget = MonthlyBudget::builder().limit_usd(500).emails([email!("costs@example.com")]).build();
///     org.add("budgets", EveryAccount::builder().construct(budget).build());
/// }
/// ```
///
/// Source: <https://docs.aws.amazon.com/cost-management/latest/userguide/budgets-managing-costs.html>
#[derive(Clone, Debug, TypedBuilder)]
pub struct MonthlyBudget {
    /// The limit, in US dollars.
    #[builder(default = 1000)]
    limit_usd: u32,
    /// Who is told: 1 to 10 addresses.
    #[builder(setter(transform = |emails: impl IntoIterator<Item = Email>| {
        emails.into_iter().collect()
    }))]
    emails: Vec<Email>,
    /// At which percentages of the limit, of what the month will probably cost and of what it has cost.
    #[builder(default = BudgetAlert::DEFAULT.to_vec(), setter(transform = |alerts: impl IntoIterator<Item = BudgetAlert>| {
        alerts.into_iter().collect()
    }))]
    alerts: Vec<BudgetAlert>,
    /// The name, unique in the account.
    #[builder(default = Text::Static("monthly"), setter(into))]
    name: Text,
}

/// When a [`MonthlyBudget`] tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BudgetAlert {
    /// The month will probably cost this percentage of the limit. AWS needs about five weeks of costs
    /// before it can tell.
    Forecasted(u16),
    /// The month has cost this percentage of the limit.
    Actual(u16),
}

impl BudgetAlert {
    /// 80 % and 100 % of the limit forecasted, 100 % spent.
    pub const DEFAULT: [Self; 3] = [Self::Forecasted(80), Self::Forecasted(100), Self::Actual(100)];

    fn notification(self) -> Notification {
        let (kind, percentage) = match self {
            Self::Forecasted(percentage) => ("FORECASTED", percentage),
            Self::Actual(percentage) => ("ACTUAL", percentage),
        };
        Notification::new("GREATER_THAN", kind, f64::from(percentage)).threshold_type("PERCENTAGE")
    }
}

impl Construct for MonthlyBudget {
    type Level = Template;
    type Output = budgets::BudgetRef;
    fn build(self, template: &mut Scope<'_>) -> budgets::BudgetRef {
        let count = self.emails.len();
        if !(1..=10).contains(&count) {
            let message = format!("`{}` tells {count} addresses", template.path());
            let diagnostic = Diagnostic::error(&BUDGET_SUBSCRIBERS, message, template.location())
                .allowed("1 to 10")
                .help("for more, give the address of a mailing list");
            template.report(diagnostic);
        }
        let budget = BudgetData::new("COST", "MONTHLY")
            .budget_name(self.name)
            .budget_limit(Spend::new(f64::from(self.limit_usd), "USD"));
        let told = |alert: BudgetAlert| {
            let subscribers: Vec<_> =
                self.emails.iter().map(|email| Subscriber::new(email.as_str(), "EMAIL")).collect();
            NotificationWithSubscribers::new(alert.notification(), subscribers)
        };
        let told: Vec<_> = self.alerts.iter().copied().map(told).collect();
        let budget = budgets::Budget::new(budget).notifications_with_subscribers(told);
        template.add("budget", budget)
    }
}
