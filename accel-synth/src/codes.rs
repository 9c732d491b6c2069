//! What synthesis can find wrong.

use accel_core::Code;

/// All codes of this crate.
pub const ALL: &[&Code] = &[
    &CROSS_ACCOUNT_REFERENCE,
    &STACK_SET_REFERENCE,
    &NO_TEMPLATE,
    &OTHER_TEMPLATE,
    &REFERENCE_CYCLE,
    &INCOMPLETE_TABLE,
    &SECRET_LEAK,
    &VALUE_NOT_KNOWN_YET,
    &NOT_COMPUTABLE,
    &DUPLICATE_FILE,
    &INVALID_FILE_PATH,
    &DUPLICATE_LOGICAL_ID,
    &DUPLICATE_STACK_NAME,
    &TWO_OWNERS,
    &DUPLICATE_CONTROL,
    &LIMIT_EXCEEDED,
    &GLOBAL_NAME_COLLISION,
    &EMPTY_STACK_SET,
    &OPERATION_PREFERENCES,
    &CANARY_UNIT,
    &IMPORT_NOT_POSSIBLE,
    &IMPORT_IDENTIFIER,
    &IMPORT_WITHOUT_DELETION_POLICY,
    &EXPANDED_IN_STACK_SET,
    &MISSING_PROPERTY,
    &UNKNOWN_PROPERTY,
    &WRONG_TYPE,
    &VALUE_NOT_ALLOWED,
    &PATTERN_MISMATCH,
    &WRONG_LENGTH,
    &OUT_OF_RANGE,
    &WRONG_ITEM_COUNT,
    &DUPLICATE_ITEM,
    &PROPERTY_COMBINATION,
    &NO_FORM_MATCHES,
    &READ_ONLY_PROPERTY,
    &UNKNOWN_RESOURCE_TYPE,
    &UNAVAILABLE_RESOURCE_TYPE,
    &UNKNOWN_AVAILABILITY,
    &UNKNOWN_ACTION,
    &UNKNOWN_CONDITION_KEY,
    &UNKNOWN_OPERATOR,
    &POLICY_NOT_JSON,
    &NO_POLICY,
    &RESOURCE_CONTROL_STATEMENT,
    &DENIES_ORDINARY_REQUESTS,
    &LOCKED_OUT,
    &DEAD_ACTION,
    &GUARDRAIL_WITHOUT_EFFECT,
];

macro_rules! codes {
    ($($name:ident = $code:literal: $explanation:literal;)+) => {$(
        /// See [`Code::explanation`].
        pub static $name: Code = Code::new($code, $explanation);
    )+};
}

codes! {
    CROSS_ACCOUNT_REFERENCE = "cross-account-reference":
        "A resource uses a value of a resource in another account. An account is a border: what crosses \
         it is shared on purpose, so that every such place can be found. Share the value where it is \
         made, `stack.share(vpc.id, prod)`, and use what that gives back; for a stack set share it with \
         `Audience::Organization`. Or build both in one account.";
    STACK_SET_REFERENCE = "stack-set-reference":
        "A value of a stack set is used outside of it. What a stack set makes has one value per account \
         and region, so there is no single one to use. Refer to the thing by a name or an ARN that is \
         known at synth, or bring the value out with `set.publish(\"key\", attr)` and say which one you \
         mean with `.in_environment(account.in_region(region))`.";
    NO_TEMPLATE = "no-template":
        "A resource, parameter, condition, mapping or output is not below a stack or a stack set, so \
         there is no template it could be part of. This is a mistake of the level that took it.";
    OTHER_TEMPLATE = "other-template":
        "A condition, a mapping or a resource in `depends_on` is of another template. CloudFormation \
         knows these only within one template. For the order of whole stacks use `scope.after(..)`.";
    REFERENCE_CYCLE = "reference-cycle":
        "Stacks, stack sets or steps need each other, directly or around a corner, so none can be \
         deployed first. Build the two resources in one stack, move one of them, or refer to one of \
         them by a name that is known at synth.";
    INCOMPLETE_TABLE = "incomplete-table":
        "A table by region or by account has no row for a place where it is used, or has a reference in \
         a row where only literals are possible. Add the row; rows of a stack set's table are literals, \
         because a mapping holds nothing else.";
    SECRET_LEAK = "secret-leak":
        "A secret would become an output, a tag, metadata, a document or a value that crosses stacks, \
         where anybody can read it. Pass the secret's name or ARN instead, and read it where it is used.";
    VALUE_NOT_KNOWN_YET = "value-not-known-yet":
        "A document needs a value that only a deployment makes known, and its target cannot look values \
         up itself. The document is left out until the lock file has the value: deploy, commit the lock \
         file, synthesize again.";
    NOT_COMPUTABLE = "not-computable":
        "A document or a step holds a function that only CloudFormation can evaluate. Compute the text \
         in the program, or make the value an attribute of a resource, which the lock file can hold.";
    DUPLICATE_FILE = "duplicate-file":
        "Two constructs make one file of the assembly. Give one of them another id or another path.";
    INVALID_FILE_PATH = "invalid-file-path":
        "The path of a document leaves the assembly's directory, is empty, or is one that accel writes \
         itself. Paths are relative, with `/` between segments that are neither empty nor `.` nor `..`.";
    DUPLICATE_LOGICAL_ID = "duplicate-logical-id":
        "Two parts of a template have the same logical id: their paths consist of the same words and \
         have the same short digest, or one was moved onto the other. Rename one of them.";
    DUPLICATE_STACK_NAME = "duplicate-stack-name":
        "Two stacks in one account and region, or two stack sets, would have the same name, because \
         their paths differ only in characters that names cannot hold. Rename one of them.";
    TWO_OWNERS = "two-owners":
        "Two constructs own one setting of an account and region. Whichever is deployed last would win, \
         and removing one would take the setting from the other. Keep one of them.";
    DUPLICATE_CONTROL = "duplicate-control":
        "The compliance report says each control of each framework once. An app is held to a framework \
         once, and a framework has one control of each id.";
    LIMIT_EXCEEDED = "limit-exceeded":
        "Something is larger than AWS takes. Split a stack that has too many resources or parameters \
         into several; split a policy, or attach it in several pieces.";
    GLOBAL_NAME_COLLISION = "global-name-collision":
        "A stack set of several regions makes a resource with a fixed name that is the same in all \
         regions of an account, such as an IAM role: its second instance in an account fails. Leave the \
         name to CloudFormation, add the region to it, or make the resource in one region only.";
    EMPTY_STACK_SET = "empty-stack-set":
        "A stack set has no regions or no targets, so it would deploy nothing. Name them: \
         `StackSet::for_units([ou]).regions([Region::EU_WEST_1])`.";
    OPERATION_PREFERENCES = "operation-preferences":
        "CloudFormation does not roll a stack set out so. At least one account goes at once, percentages are at \
         most 100, and in strict mode at most one account more goes at once than may fail: another one could not \
         be called back. The order of regions names regions of the set, each once.";
    CANARY_UNIT = "canary-unit":
        "The canary of a stack set is the unit that goes first, so it is one of the units that the set is for, \
         or below one of them, and not all of them. A set that names accounts has no units: use \
         `StackSet::for_units`.";
    IMPORT_NOT_POSSIBLE = "import-not-possible":
        "CloudFormation cannot take this resource into a stack. It imports into stacks, and into none of the \
         stacks of a stack set; it imports no resources of which nothing exists outside of a template, such as \
         custom resources; and one that is imported is there without a condition.";
    IMPORT_IDENTIFIER = "import-identifier":
        "A resource that exists is identified by the properties that are the primary identifier of its type, \
         in its account and region: a VPC by its `VpcId`, a stage by its `RestApiId` and its `StageName`. \
         `.import(\"vpc-0abc\")` is enough where there is one; several are named, \
         `.import([(\"RestApiId\", \"a1b2c3\"), (\"StageName\", \"prod\")])`. A property that is set as well has the same value.";
    IMPORT_WITHOUT_DELETION_POLICY = "import-without-deletion-policy":
        "CloudFormation imports a resource only if its template says what becomes of the thing when the \
         resource leaves the stack. `.retain()` keeps it. No policy is set without being asked for, since taking \
         the import out of the program later would take such a policy away with it.";
    EXPANDED_IN_STACK_SET = "expanded-in-stack-set":
        "A stack set with service-managed permissions takes no macros, transforms or nested stacks: what \
         CloudFormation would have to expand first. Use the resource types it expands to (a Lambda \
         function and its role for `AWS::Serverless::Function`), put it into a stack of each account, or \
         name the accounts, `StackSet::for_accounts([account])`, whose permissions are self-managed.";
    MISSING_PROPERTY = "missing-property":
        "CloudFormation refuses the resource without this property. Set it; a value that is there \
         only under a condition does not count where the other branch is no value.";
    UNKNOWN_PROPERTY = "unknown-property":
        "The resource type has no property of this name at this place. Names are case-sensitive. If \
         AWS added it after the schemas of this version were published, mark the resource with \
         `newer_than_schemas()`, which lets unknown names of that resource pass.";
    WRONG_TYPE = "wrong-type":
        "The value is of another JSON type than the property. Scalars are lenient, as they are in \
         CloudFormation: \"60\" is an integer and 1 is text; an object or a list is never a scalar.";
    VALUE_NOT_ALLOWED = "value-not-allowed":
        "The property takes one of a fixed set of values, and this is none of them. Values are \
         case-sensitive unless the message says otherwise.";
    PATTERN_MISMATCH = "pattern-mismatch":
        "The text does not match the regular expression that AWS publishes for the property.";
    WRONG_LENGTH = "wrong-length":
        "The text has fewer or more characters than AWS accepts there.";
    OUT_OF_RANGE = "out-of-range":
        "The number is smaller or larger than AWS accepts there.";
    WRONG_ITEM_COUNT = "wrong-item-count":
        "The list or object has fewer or more entries than AWS accepts there.";
    DUPLICATE_ITEM = "duplicate-item":
        "The items of this list are distinct, or have keys that are, and two of them are the same.";
    PROPERTY_COMBINATION = "property-combination":
        "Some properties exclude each other, some need each other, and of some sets exactly one or \
         at least one is required. The message names the properties.";
    NO_FORM_MATCHES = "no-form-matches":
        "The value can have one of several forms, and it has none of them, or two that exclude each \
         other. The message says what each form asks for.";
    READ_ONLY_PROPERTY = "read-only-property":
        "AWS computes this property. A template reads it with `Fn::GetAtt` and cannot set it.";
    UNKNOWN_RESOURCE_TYPE = "unknown-resource-type":
        "CloudFormation has no such resource type. If it is newer than the schemas of this version, \
         mark the resource with `newer_than_schemas()`; its properties are then not validated.";
    UNAVAILABLE_RESOURCE_TYPE = "unavailable-resource-type":
        "The resource type does not exist in a region that the stack or stack set is deployed to. \
         Deploy it elsewhere, or leave it out there. If it has come to the region since, mark the \
         resource with `newer_than_schemas()`.";
    UNKNOWN_AVAILABILITY = "unknown-availability":
        "AWS does not publish which resource types this region has, or since when: the European \
         Sovereign Cloud, the isolated regions, and types that are too new. Try it there first.";
    UNKNOWN_ACTION = "unknown-action":
        "A policy, or a question about one, names an action or a service that IAM does not know, or a pattern that \
         is like no action. \
         AWS takes such a policy and it does nothing: a guardrail that does not guard. If AWS added the \
         action after the table of this version was published, mark the resource with \
         `newer_than_schemas()`.";
    UNKNOWN_CONDITION_KEY = "unknown-condition-key":
        "A policy compares a condition key that no request has. A statement that allows then never holds, \
         and one that denies, with a negated operator, always does. If AWS added the key after the table of \
         this version was published, mark the resource with `newer_than_schemas()`.";
    UNKNOWN_OPERATOR = "unknown-operator":
        "A condition of a policy compares by an operator that IAM does not have, so AWS refuses the policy. There are 27; \
         all but `Null` take `IfExists` at their end, and `ForAllValues:` or `ForAnyValue:` before them.";
    LOCKED_OUT = "locked-out":
        "A policy of the organization, or a boundary, denies somebody who keeps the organization running what \
         they need: who deploys this app, the roles of stack sets, or a role for emergencies that the program \
         names. Once it is attached, they could not even take it back. What is asked is each action that the \
         stacks, stack sets and steps of the account take, by the role of that account, with nothing known of \
         the request but its region; the management account is never limited.";
    DEAD_ACTION = "dead-action":
        "A policy of a role allows an action by its name, and a policy of the organization, or the role's \
         boundary, denies it to this role whatever it asks: the permission does nothing. Either it is not \
         needed, or the role is an exception that somebody forgot. Only denials count on which nothing but the \
         principal has a say, and of a role of a stack set those that are in force in all its accounts.";
    GUARDRAIL_WITHOUT_EFFECT = "guardrail-without-effect":
        "A guardrail is attached, and the request that it is there to stop is not stopped, as the synthesized \
         policies decide in an account below its targets: its parameters, or an exemption, leave nothing of it. The request is one \
         of the guardrail's own probes; all of them are in the compliance report.";
    POLICY_NOT_JSON = "policy-not-json":
        "The text of a policy is no JSON, so no service takes it. The line and column are those of the text, \
         which are those of the file that it was read from.";
    NO_POLICY = "no-policy":
        "A policy that is attached to the organization's accounts is JSON, but no policy by the grammar of IAM: it has an \
         element or an operator that does not exist, or lacks one that has to be there, so AWS refuses it. It is a \
         warning where functions that only a deployment evaluates are in the way: then nobody knows what is in force, \
         and neither who is locked out nor which permissions are dead is checked.";
    RESOURCE_CONTROL_STATEMENT = "resource-control-statement":
        "A resource control policy denies actions of services that it names and that it can bind, to \
         everybody (`*`); exceptions are conditions. AWS refuses one that allows, that has `NotAction` or \
         `NotPrincipal`, or that names the action `*`.";
    DENIES_ORDINARY_REQUESTS = "denies-ordinary-requests":
        "A statement that is meant for services of AWS acting for somebody else denies the requests of \
         everybody: ordinary requests lack the keys that it compares, and a negated or `IfExists` \
         operator holds where the key is missing. Ask for the key too: `aws:PrincipalIsAWSService` is \
         true, and `aws:SourceAccount` is not null.";
}
