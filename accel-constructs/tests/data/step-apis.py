"""Writes step-apis.json: the operations that organization steps call, as botocore's service models
(Apache-2.0) describe them, names and shapes alone.

    pip install botocore==1.44.5 && python3 step-apis.py > step-apis.json
"""

import json

import botocore
import botocore.loaders

OPERATIONS = {
    "organizations": (
        "CreateAccount CreateOrganization CreateOrganizationalUnit DeregisterDelegatedAdministrator "
        "DescribeAccount DescribeOrganization DisableAWSServiceAccess DisablePolicyType "
        "EnableAWSServiceAccess EnableAllFeatures EnablePolicyType InviteAccountToOrganization "
        "ListAWSServiceAccessForOrganization ListAccounts ListDelegatedAdministrators "
        "ListOrganizationalUnitsForParent ListParents ListRoots ListTagsForResource MoveAccount "
        "RegisterDelegatedAdministrator TagResource UntagResource"
    ),
    "iam": (
        "CreateAccountAlias DeleteAccountAlias DeleteAccountPasswordPolicy "
        "DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions "
        "EnableOrganizationsRootCredentialsManagement EnableOrganizationsRootSessions "
        "GetAccountPasswordPolicy GetRole ListAccountAliases ListOrganizationsFeatures "
        "UpdateAccountPasswordPolicy"
    ),
    "ec2": (
        "DescribeVpcs DisableEbsEncryptionByDefault EnableEbsEncryptionByDefault "
        "GetEbsEncryptionByDefault"
    ),
    "kms": "DescribeKey",
    "route53": "ListHostedZonesByName",
    "ssm": "GetServiceSetting ResetServiceSetting UpdateServiceSetting",
    "s3control": "DeletePublicAccessBlock GetPublicAccessBlock PutPublicAccessBlock",
    "account": (
        "DeleteAlternateContact DisableRegion EnableRegion GetAlternateContact GetRegionOptStatus "
        "PutAlternateContact"
    ),
    "cloudformation": (
        "ActivateOrganizationsAccess DeactivateOrganizationsAccess DescribeOrganizationsAccess"
    ),
    "ram": "EnableSharingWithAwsOrganization",
    "guardduty": (
        "DescribeOrganizationConfiguration DisableOrganizationAdminAccount "
        "EnableOrganizationAdminAccount ListOrganizationAdminAccounts UpdateOrganizationConfiguration"
    ),
    "inspector2": (
        "DisableDelegatedAdminAccount EnableDelegatedAdminAccount ListDelegatedAdminAccounts"
    ),
    "macie2": (
        "CreateMember DescribeOrganizationConfiguration DisableOrganizationAdminAccount "
        "DisassociateMember EnableOrganizationAdminAccount GetAutomatedDiscoveryConfiguration GetMember "
        "ListOrganizationAdminAccounts UpdateAutomatedDiscoveryConfiguration "
        "UpdateOrganizationConfiguration"
    ),
    "auditmanager": (
        "DeregisterAccount DeregisterOrganizationAdminAccount GetAccountStatus "
        "GetOrganizationAdminAccount RegisterAccount RegisterOrganizationAdminAccount"
    ),
}


def tree(model, name, above=()):
    """Structures as objects, lists as lists of one item, the rest as the name of its type."""
    shape = model["shapes"][name]
    if name in above:
        return "recursive"
    above = (*above, name)
    if shape["type"] == "structure":
        members = shape["members"].items()
        return {m.get("locationName", key): tree(model, m["shape"], above) for key, m in members}
    if shape["type"] == "list":
        return [tree(model, shape["member"]["shape"], above)]
    return {"long": "integer"}.get(shape["type"], shape["type"])


def request(model, operation):
    """Each member of the request: where it is sent, whether it must be, and its shape."""
    if "input" not in operation:
        return {}
    shape = model["shapes"][operation["input"]["shape"]]
    members = {}
    for key, member in shape["members"].items():
        place = member.get("location", "body")
        # What is sent in a header or path has a name in the request that is not sent.
        name = key if place in ("header", "uri") else member.get("locationName", key)
        members[name] = {
            "place": f"header:{member['locationName']}" if place == "header" else place,
            "required": key in shape.get("required", []),
            "namespace": member.get("xmlNamespace", {}).get("uri"),
            "shape": tree(model, member["shape"]),
        }
    return members


def describe(model, operation):
    metadata = model["metadata"]
    output = operation.get("output", {}).get("shape")
    errors = (error["shape"] for error in operation.get("errors", []))
    return {
        "protocol": metadata["protocol"],
        "target": metadata.get("targetPrefix"),
        "version": metadata["apiVersion"],
        "method": operation["http"]["method"],
        "path": operation["http"]["requestUri"],
        "request": request(model, operation),
        "reply": tree(model, output) if output else {},
        "errors": sorted(
            model["shapes"][name].get("error", {}).get("code", name) for name in errors
        ),
    }


def main():
    loader = botocore.loaders.Loader()
    operations = {}
    for service, names in OPERATIONS.items():
        model = loader.load_service_model(service, "service-2")
        endpoint = model["metadata"]["endpointPrefix"]
        for name in names.split():
            operations[f"{endpoint}:{name}"] = describe(model, model["operations"][name])
    source = f"botocore {botocore.__version__} (Apache-2.0), by step-apis.py"
    print(json.dumps({"source": source, "operations": operations}, indent=1, sort_keys=True))


main()
