//! What can be wrong with a workflow that compiles.

use accel_core::{Code, Diagnostic, DocumentNode, Prop, Scope, Text, nearest};

use super::{
    GithubWorkflow, Repository, codes,
    expr::{Read, Uses},
    job::JobData,
    keys::Keys,
    step::StepData,
};

mod action;
mod exposure;
mod graph;

/// The largest matrix.
const JOBS_OF_A_MATRIX: usize = 256;
/// The most inputs of a workflow that is started by hand.
const INPUTS: usize = 25;
/// The longest expression.
const EXPRESSION: usize = 21_000;

pub(super) fn check(workflow: &GithubWorkflow, scope: &mut Scope<'_, Repository>) {
    let what = format!("the workflow {:?}", scope.path());
    let mut report = Report { what, made: None, scope };
    report.workflow(workflow);
    graph::check(workflow, &mut report);
    for job in &workflow.jobs {
        report.job(workflow, job);
    }
}

/// Diagnostics on one part of a workflow.
struct Report<'a, 'tree> {
    scope: &'a mut Scope<'tree, Repository>,
    /// `the workflow "platform/ci", job "build", step 2`.
    what: String,
    /// Where that part was made.
    made: Option<&'static std::panic::Location<'static>>,
}

impl<'tree> Report<'_, 'tree> {
    fn error(&mut self, code: &'static Code, problem: &str, help: &str) {
        let diagnostic = self.diagnostic(code, problem).help(help);
        self.scope.report(diagnostic);
    }

    fn diagnostic(&self, code: &'static Code, problem: &str) -> Diagnostic {
        let message = format!("{}: {problem}", self.what);
        self.noted(Diagnostic::error(code, message, self.scope.location()))
    }

    fn warn(&mut self, code: &'static Code, problem: &str, help: &str) {
        let message = format!("{}: {problem}", self.what);
        let diagnostic = Diagnostic::warning(code, message, self.scope.location());
        let diagnostic = self.noted(diagnostic).help(help);
        self.scope.report(diagnostic);
    }

    /// Says where the part was made, if that is another line.
    fn noted(&self, diagnostic: Diagnostic) -> Diagnostic {
        match self.made {
            Some(made) if made != self.scope.location() => diagnostic.note("it is made here", made),
            _ => diagnostic,
        }
    }

    /// The name that was probably meant, or all there are.
    fn unknown<'n>(
        &mut self,
        code: &'static Code,
        problem: &str,
        name: &str,
        names: impl IntoIterator<Item = &'n str>,
    ) {
        let names: Vec<&str> = names.into_iter().collect();
        let diagnostic = match nearest(name, names.iter().copied()) {
            Some(near) => self.diagnostic(code, problem).help(format!("did you mean {near:?}?")),
            None => self.diagnostic(code, problem),
        };
        let listed = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        self.scope.report(diagnostic.allowed(listed));
    }

    /// Reports on a part of what is reported on now.
    fn part(
        &mut self,
        part: &str,
        made: &'static std::panic::Location<'static>,
    ) -> Report<'_, 'tree> {
        Report { what: format!("{}, {part}", self.what), made: Some(made), scope: &mut *self.scope }
    }

    fn workflow(&mut self, workflow: &GithubWorkflow) {
        if workflow.triggers.is_empty() {
            self.error(&codes::NO_TRIGGER, "nothing starts it", "add one: .on(Push::new())");
        }
        if workflow.jobs.is_empty() {
            self.error(&codes::NO_JOB, "it has no jobs", "add one: .job(Job::new(..))");
        }
        for trigger in &workflow.triggers {
            let inputs = trigger.interface.as_ref().map_or(0, |interface| interface.inputs.len());
            if trigger.event == "workflow_dispatch" && inputs > INPUTS {
                let problem = format!("it asks for {inputs} inputs");
                let diagnostic = self.diagnostic(&codes::TOO_MANY_INPUTS, &problem);
                let diagnostic = diagnostic.help("several small ones can be one JSON text");
                self.scope.report(diagnostic.allowed(format!("at most {INPUTS}")));
            }
            if trigger.event == "schedule" {
                self.schedules(&trigger.node);
            }
            self.uses(&trigger.uses);
            self.called_jobs(workflow, &trigger.uses);
        }
        self.uses(&workflow.uses);
        self.inputs_read(workflow, &workflow.uses);
        self.variables(&workflow.env);
    }

    fn schedules(&mut self, schedules: &DocumentNode) {
        let DocumentNode::List(schedules) = schedules else { return };
        for schedule in schedules {
            let DocumentNode::Map(entries) = schedule else { continue };
            let cron = entries.iter().find(|entry| entry.key == "cron").map(|entry| &entry.value);
            if let Some(DocumentNode::Value(Prop::String(cron))) = cron
                && !is_cron(cron)
            {
                let problem = format!("{cron:?} is no schedule");
                let help = "for instance `30 5 * * 1-5`: at 5:30 from Monday to Friday";
                let diagnostic = self.diagnostic(&codes::INVALID_CRON, &problem).help(help);
                self.scope.report(
                    diagnostic.allowed("minute, hour, day of the month, month, day of the week"),
                );
            }
        }
    }

    fn job(&mut self, workflow: &GithubWorkflow, job: &JobData) {
        let mut report = self.part(&format!("job {:?}", job.id), job.location);
        report.identifier(&job.id);
        report.uses(&job.uses);
        report.inputs_read(workflow, &job.uses);
        report.variables(job.variables());
        [job.keys(), job.variables()].into_iter().for_each(|keys| report.expressions(keys));
        report.matrix(job);
        if let Some(called) = &job.called {
            report.call(job, called);
        } else if job.steps.is_empty() {
            report.error(&codes::NO_STEP, "it has no steps", "add one: .step(Step::run(\"..\"))");
        }
        exposure::check(workflow, job, &mut report);
        report.axes(job, &job.uses);
        for (index, step) in job.steps.iter().enumerate() {
            report.step(workflow, job, index, step);
        }
        report.step_ids(job);
        // Outputs are put together after the last step.
        report.steps_read(job, job.steps.len(), &job.uses);
    }

    fn step(&mut self, workflow: &GithubWorkflow, job: &JobData, index: usize, step: &StepData) {
        let name = match &step.id {
            Some(id) => format!("step {id:?}"),
            None => format!("step {}", index + 1),
        };
        let mut report = self.part(&name, step.location);
        if let Some(id) = &step.id {
            report.identifier(id);
        }
        report.uses(&step.uses);
        report.inputs_read(workflow, &step.uses);
        report.axes(job, &step.uses);
        report.steps_read(job, index, &step.uses);
        report.variables(&step.env);
        [&step.keys, &step.with, &step.env].into_iter().for_each(|keys| report.expressions(keys));
        report.script(step);
        if let Some(action) = &step.action {
            action::check(action, step, workflow, &mut report);
        }
        for parallel in &step.parallel {
            self.step(workflow, job, index, parallel);
        }
    }

    fn script(&mut self, step: &StepData) {
        let Some(DocumentNode::Value(Prop::String(script))) = step.keys.get("run") else { return };
        if script.trim().is_empty() {
            self.error(
                &codes::EMPTY_SCRIPT,
                "its script is empty",
                "say what it runs, or leave it out",
            );
        }
        if script.contains("${{") {
            self.error(
                &codes::EXPRESSION_IN_SCRIPT,
                "its script has an expression in it, and what that says would be run",
                "hand the value over with .env(\"NAME\", ..) and read it as \"$NAME\"",
            );
        }
    }

    fn matrix(&mut self, job: &JobData) {
        let Some(size) = job.matrix.as_ref().and_then(super::Matrix::size) else { return };
        if !(1..=JOBS_OF_A_MATRIX).contains(&size) {
            let problem = format!("its matrix makes {size} jobs");
            let diagnostic = self.diagnostic(&codes::MATRIX_SIZE, &problem);
            let diagnostic = diagnostic.allowed(format!("1 to {JOBS_OF_A_MATRIX}"));
            let help = "split it into two jobs, or change what is included and excluded";
            self.scope.report(diagnostic.help(help));
        }
    }

    fn axes(&mut self, job: &JobData, uses: &Uses) {
        for read in &uses.reads {
            if let Read::Axis(axis) = read
                && !job.matrix.as_ref().is_some_and(|matrix| matrix.has(axis))
            {
                let names: Vec<&str> =
                    job.matrix.iter().flat_map(|matrix| matrix.names()).collect();
                let problem = format!("it reads the axis {axis:?}, which its matrix does not have");
                self.unknown(&codes::UNKNOWN_AXIS, &problem, axis, names);
            }
        }
    }

    /// `index` is that of the step that reads.
    fn steps_read(&mut self, job: &JobData, index: usize, uses: &Uses) {
        for read in &uses.reads {
            let Read::Step { id, output } = read else { continue };
            let Some(id) = id else {
                let problem = "a step is read that has no id";
                self.error(&codes::UNKNOWN_STEP, problem, "give it one: .id(\"build\")");
                continue;
            };
            let before = || job.steps[..index].iter().flat_map(StepData::all);
            let Some(step) = before().find(|step| step.id.as_ref() == Some(id)) else {
                let problem = format!("the step {id:?} is read, which is not before it in the job");
                let ids: Vec<&str> = before().filter_map(|step| step.id.as_deref()).collect();
                self.unknown(&codes::UNKNOWN_STEP, &problem, id, ids);
                continue;
            };
            let spec = step.action.as_ref().and_then(super::ActionRef::spec);
            if let (Some(spec), Some(output)) = (spec.filter(|spec| spec.exact), output)
                && !spec.outputs.contains(&output.as_str())
            {
                let problem = format!("{} has no output {output:?}", spec.name);
                let outputs = spec.outputs.iter().copied();
                self.unknown(&codes::UNKNOWN_OUTPUT, &problem, output, outputs);
            }
        }
    }

    fn inputs_read(&mut self, workflow: &GithubWorkflow, uses: &Uses) {
        for read in &uses.reads {
            let Read::Input(name) = read else { continue };
            let inputs = || workflow.interface().flat_map(|interface| &interface.inputs);
            if !inputs().any(|input| input.name == *name) {
                let problem = format!("the input {name:?} is read, which no trigger takes");
                let names: Vec<&str> = inputs().map(|input| input.name.as_str()).collect();
                self.unknown(&codes::UNKNOWN_INPUT, &problem, name, names);
            }
        }
    }

    fn called_jobs(&mut self, workflow: &GithubWorkflow, uses: &Uses) {
        for read in &uses.reads {
            let Read::CalledJob { id, output } = read else { continue };
            match workflow.jobs.iter().find(|job| job.id == *id) {
                Some(job) => self.output_read(job, output),
                None => {
                    let problem = format!("an output of the job {id:?} is read, which it has not");
                    let ids = workflow.jobs.iter().map(|job| job.id.as_str());
                    self.unknown(&codes::UNKNOWN_JOB, &problem, id, ids);
                }
            }
        }
    }

    fn output_read(&mut self, job: &JobData, output: &Text) {
        let outputs: Vec<&str> = match &job.called {
            Some(called) => match &called.interface {
                Some(interface) => interface.outputs.iter().map(Text::as_str).collect(),
                None => return,
            },
            None => job.outputs.iter().map(|entry| entry.key.as_str()).collect(),
        };
        if !outputs.contains(&output.as_str()) {
            let problem = format!("the job {:?} has no output {output:?}", job.id);
            self.unknown(&codes::UNKNOWN_OUTPUT, &problem, output, outputs);
        }
    }

    fn call(&mut self, job: &JobData, called: &super::WorkflowRef) {
        let Some(interface) = &called.interface else { return };
        let parts = [
            ("input", &interface.inputs, job.inputs()),
            ("secret", &interface.secrets, job.given_secrets()),
        ];
        for (kind, declared, given) in parts {
            for entry in given.iter() {
                if !declared.iter().any(|declared| declared.name == entry.key) {
                    let problem = format!("{} takes no {kind} {:?}", called.uses, entry.key);
                    let names = declared.iter().map(|declared| declared.name.as_str());
                    self.unknown(&codes::UNKNOWN_INPUT, &problem, &entry.key, names);
                }
            }
            for declared in declared.iter().filter(|declared| declared.required) {
                if given.get(&declared.name).is_none() {
                    let problem = format!("{} needs the {kind} {:?}", called.uses, declared.name);
                    let method = if kind == "input" { "with" } else { "secret" };
                    let help = format!("give it: .{method}({:?}, ..)", declared.name);
                    self.error(&codes::MISSING_INPUT, &problem, &help);
                }
            }
        }
    }

    /// Expressions that were written by hand, and those that are too long.
    fn uses(&mut self, uses: &Uses) {
        for prop in &uses.untyped {
            let text = prop.as_str().unwrap_or("a value");
            let problem = format!("{text:?} has an expression in it");
            let help = "put it together: \"deploy-\" + github::REF_NAME";
            self.error(&codes::UNTYPED_EXPRESSION, &problem, help);
        }
    }

    fn expressions(&mut self, keys: &Keys) {
        for entry in keys.iter() {
            if let DocumentNode::Value(Prop::String(text)) = &entry.value
                && (entry.key == "if" || text.contains("${{"))
                && text.chars().count() > EXPRESSION
            {
                let problem =
                    format!("`{}` is {} characters long", entry.key, text.chars().count());
                let diagnostic = self.diagnostic(&codes::EXPRESSION_SIZE, &problem);
                let diagnostic = diagnostic.allowed(format!("at most {EXPRESSION}"));
                self.scope
                    .report(diagnostic.help("read a file, or an output that was put together"));
            }
        }
    }

    fn identifier(&mut self, id: &str) {
        if !is_identifier(id, true) || id.starts_with("__") {
            let problem = format!("{id:?} cannot be an id");
            let allowed = "a letter or `_`, then letters, digits, `-` and `_`; not `__` in front";
            let diagnostic = self.diagnostic(&codes::INVALID_NAME, &problem).allowed(allowed);
            self.scope
                .report(diagnostic.help("GitHub shows the name, which is any text: .name(\"..\")"));
        }
    }

    fn step_ids(&mut self, job: &JobData) {
        let ids: Vec<&Text> = job.all_steps().filter_map(|step| step.id.as_ref()).collect();
        self.duplicates("steps", &ids);
    }

    fn duplicates(&mut self, what: &str, ids: &[&Text]) {
        for (index, id) in ids.iter().enumerate() {
            if ids[..index].iter().any(|other| other.eq_ignore_ascii_case(id)) {
                let problem = format!("two {what} have the id {id:?}");
                self.error(&codes::DUPLICATE_NAME, &problem, "give one of them another id");
            }
        }
    }

    fn variables(&mut self, env: &Keys) {
        for entry in env.iter() {
            if !is_identifier(&entry.key, false) || entry.key.starts_with("GITHUB_") {
                let problem = format!("{:?} cannot be an environment variable", entry.key);
                let allowed =
                    "a letter or `_`, then letters, digits and `_`; not `GITHUB_` in front";
                let diagnostic = self.diagnostic(&codes::INVALID_NAME, &problem).allowed(allowed);
                self.scope.report(diagnostic.help("give it another name"));
            }
        }
    }
}

fn is_identifier(text: &str, hyphens: bool) -> bool {
    let first = |c: char| c.is_ascii_alphabetic() || c == '_';
    let other = |c: char| c.is_ascii_alphanumeric() || c == '_' || (hyphens && c == '-');
    text.starts_with(first) && text.chars().all(other) && text.len() <= 100
}

fn is_cron(text: &str) -> bool {
    let is_field = |field: &str| {
        field.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '/' | ',' | '-'))
    };
    text.split(' ').count() == 5
        && text.split(' ').all(|field| !field.is_empty() && is_field(field))
}
