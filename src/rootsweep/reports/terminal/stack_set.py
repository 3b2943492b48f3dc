"""A CloudFormation template that creates the audit role, for a StackSet over all member accounts."""

import json
from typing import Final

from rootsweep.core.policies import Purpose, Setup, role_statement

# A parameter is what may change by itself. The role's name is none: another one needs another policy of the auditing principal.
# A text in JSON's quotes is YAML too.
_TEMPLATE: Final = """\
AWSTemplateFormatVersion: "2010-09-09"
Description: >-
  A role that reads whether this account's root user has an access key.
  It can change nothing.

Parameters:
  TrustedAccountId:
    Type: String
    Default: {trusted}
    AllowedPattern: '\\d{{12}}'
    Description: The account that audits
{external_id_parameter}
Resources:
  AuditRole:
    Type: AWS::IAM::Role
    Properties:
      RoleName: {role_name}
      Description: Assumed by rootsweep to look for root user access keys
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Sid: TrustAuditingAccount
            Effect: Allow
            Principal:
              AWS: !Sub arn:${{AWS::Partition}}:iam::${{TrustedAccountId}}:root
            Action: sts:AssumeRole
{external_id_condition}      Policies:
        - PolicyName: {policy_name}
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Sid: {sid}
                Effect: Allow
                Action:
{actions}
                Resource: "*"
"""

_EXTERNAL_ID_PARAMETER: Final = """\
  ExternalId:
    Type: String
    Default: {external_id}
    AllowedPattern: '[\\w+=,.@:/-]{{2,1224}}'
    Description: What the account that audits has to tell
"""

_EXTERNAL_ID_CONDITION: Final = """\
            Condition:
              StringEquals:
                sts:ExternalId: !Ref ExternalId
"""


def stack_set_template(setup: Setup) -> str:
    """Write the template as YAML; it fits every partition.

    CloudFormation Template Reference, AWS::IAM::Role. Raises ``UsageError`` where the auditing account was not named.
    """
    has_external_id = setup.external_id is not None
    sid, actions = role_statement(setup.purpose)
    return _TEMPLATE.format(
        trusted=json.dumps(setup.auditing_account),
        role_name=json.dumps(setup.role_name),
        external_id_parameter=_EXTERNAL_ID_PARAMETER.format(external_id=json.dumps(setup.external_id))
        if has_external_id
        else "",
        external_id_condition=_EXTERNAL_ID_CONDITION if has_external_id else "",
        actions="\n".join(f"                  - {action}" for action in actions),
        policy_name="LookUpDeniedCalls" if setup.purpose is Purpose.QUARANTINE else "ReadRootAccessKeys",
        sid=sid,
    )
