"""From a request to a reply: service, caller, parameters, faults, permission, operation."""

from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Final

from botocore.model import OperationModel

from rootsweep_emulator.access.authorization import authorize, denied_by_identity_policy, denied_by_service_control_policy
from rootsweep_emulator.access.callers import RootKeyCaller, UserCaller
from rootsweep_emulator.access.signature import Authorization, SignatureVerifier, authenticate, read_authorization
from rootsweep_emulator.alterations import altered
from rootsweep_emulator.errors import ServiceError
from rootsweep_emulator.faults import Dated, DenyAccess, Outcome
from rootsweep_emulator.http import Reply, Request
from rootsweep_emulator.operations.call import Answer, Call, Operation, any_resource
from rootsweep_emulator.operations.cloudtrail import is_recorded, record
from rootsweep_emulator.operations.registry import OPERATIONS, Operations
from rootsweep_emulator.protocol.answers import Body, failure, read_form, read_parameters, success, validate
from rootsweep_emulator.protocol.rest import Route, find_route, read_rest
from rootsweep_emulator.protocol.service import Service, service
from rootsweep_emulator.state.account import LastUse
from rootsweep_emulator.state.world import World, record_use
from rootsweep_emulator.trail import Answered

_NOT_IMPLEMENTED: Final = 501


@dataclass(slots=True)
class Gateway:
    """Answers requests about one world. It knows no sockets and never waits."""

    world: World
    operations: Operations = field(default_factory=lambda: OPERATIONS)
    verifier: SignatureVerifier = field(default_factory=SignatureVerifier)
    _answered: int = 0
    _date: tuple[int, bytes] = (-1, b"")

    def reply(self, request: Request) -> Reply:
        """Answer a request; whatever is wrong with it becomes an error answer."""
        with self.world.lock:
            self._answered += 1
            request_id = f"00000000-0000-4000-8000-{self._answered:012x}"
            outcome = Outcome()
            authorization = read_authorization(request)
            its_service = self._service_of(authorization)
            try:
                body = self._answer(request, authorization, its_service, request_id, outcome)
            except ServiceError as error:
                body = failure(its_service, error, request_id)
            named = b"x-amz-request-id" if its_service.is_rest_xml else b"x-amzn-RequestId"
            return self._reply(request, body, (named, request_id), outcome)

    def _reply(self, request: Request, body: Body, request_id: tuple[bytes, str], outcome: Outcome) -> Reply:
        if outcome.body is not None:
            instead = outcome.body
            body = Body(instead.status, instead.content_type, instead.content, instead.headers)
        headers = b"Content-Type: %b\r\n%b%b: %b\r\n" % (
            body.content_type.encode(),
            self._date_header(outcome.date),
            request_id[0],
            request_id[1].encode(),
        )
        others = dict(body.headers)
        length = int(others.pop("Content-Length", len(body.content)))
        headers += b"".join(b"%b: %b\r\n" % (name.encode(), text.encode()) for name, text in others.items())
        head_length = length if request.method == "HEAD" else None
        declared = None if outcome.body is None else outcome.body.declared_length
        return Reply(body.status, headers, body.content, outcome.delay, outcome.reset, head_length, declared)

    def _date_header(self, dated: Dated | None) -> bytes:
        if dated is not None:
            return b"" if dated.text is None else b"Date: %b\r\n" % dated.text.encode()
        second = int(self.world.clock.now())
        if self._date[0] != second:
            self._date = (second, b"Date: %b\r\n" % formatdate(second, usegmt=True).encode())
        return self._date[1]

    def _answer(
        self, request: Request, authorization: Authorization | None, its_service: Service, request_id: str, outcome: Outcome
    ) -> Body:
        if authorization is None:
            raise ServiceError("MissingAuthenticationToken", "Request is missing Authentication Token")
        if authorization.service != its_service.name:
            raise ServiceError("NotImplemented", f"The emulator does not have {authorization.service}.", _NOT_IMPLEMENTED)
        form = read_form(request.body) if its_service.is_query else {}
        operation, model, labels = self._operation_of(its_service, request, form)
        try:
            caller = authenticate(self.world, self.verifier, request, authorization)
        except ServiceError:
            self.world.calls.add(its_service.name, model.name, "")
            raise
        if its_service.is_rest:
            parameters = read_rest(Route(model, labels), request)
        else:
            parameters = read_parameters(its_service, model, request.body, form)
        validate(model.input_shape, parameters)
        call = Call(
            world=self.world,
            service=its_service.name,
            operation=model.name,
            caller=caller,
            parameters=parameters,
            now=self.world.clock.now(),
            region=authorization.region,
            host=request.headers.get("host", ""),
        )
        answer = self._meet(call, operation, outcome)
        return success(its_service, model, answer, request_id)

    def _meet(self, call: Call, operation: Operation, outcome: Outcome) -> Answer:
        """Let the call meet the faults, and the server act unless one of them prevents it."""
        about = operation.about(call)
        self.world.calls.add(call.service, call.operation, about)
        self.world.faults.meet(
            call.service, call.operation, about, caller_account=call.account.id, now=call.now, outcome=outcome
        )
        answer: Answer | None = None
        try:
            if outcome.acts:
                answer = altered(call, _act(call, operation, outcome), outcome.alterations)
        except ServiceError:
            if outcome.refusal is None:
                raise
        finally:
            self._keep(call, about, None if outcome.is_lost else answer, outcome)
        if outcome.refusal is not None:
            raise outcome.refusal
        return answer or {}

    def _keep(self, call: Call, about: str, sent: Answer | None, outcome: Outcome) -> None:
        if self.world.answered is not None:
            is_altered = bool(outcome.alterations)
            self.world.answered.append(
                Answered(call.account.id, about, call.service, call.operation, sent, is_altered, call.now)
            )

    def _service_of(self, authorization: Authorization | None) -> Service:
        """Find the service by the credential scope; what is not signed for one of ours gets its error in the form of STS."""
        named = (
            None
            if authorization is None
            else next((name for name, _ in self.operations if name == authorization.service), None)
        )
        return service(named or "sts")

    def _operation_of(
        self, its_service: Service, request: Request, form: dict[str, str]
    ) -> tuple[Operation, OperationModel, dict[str, str]]:
        """Find the operation, its model, and the labels in the request's path, which the REST protocols alone have."""
        if its_service.is_rest:
            return self._rest_operation(its_service, request)
        if its_service.is_query:
            name = form.get("Action", "")
            if form.get("Version") != its_service.api_version:
                name = ""
        else:
            prefix, _, name = request.headers.get("x-amz-target", "").rpartition(".")
            if prefix != its_service.target_prefix:
                name = ""
        model = its_service.operation(name)
        if model is None:
            raise ServiceError(
                "InvalidAction", f"Could not find operation {name or '(none)'} for version {its_service.api_version}"
            )
        operation = self.operations.get((its_service.name, name))
        if operation is None:
            raise ServiceError("NotImplemented", f"The emulator does not have {its_service.name} {name}.", _NOT_IMPLEMENTED)
        return operation, model, {}

    def _rest_operation(self, its_service: Service, request: Request) -> tuple[Operation, OperationModel, dict[str, str]]:
        names = [name for service_name, name in self.operations if service_name == its_service.name]
        route = find_route((its_service.model.operation_model(name) for name in names), request)
        if route is None:
            text = f"The emulator does not have {its_service.name} {request.method} {request.path}."
            raise ServiceError("NotImplemented", text, _NOT_IMPLEMENTED)
        return self.operations[its_service.name, route.operation.name], route.operation, route.labels


def _act(call: Call, operation: Operation, outcome: Outcome) -> Answer:
    """Do what the call asks for, and leave what it leaves behind."""
    _record_use(call)
    if not is_recorded(call):
        return _perform(call, operation, outcome)
    try:
        answer = _perform(call, operation, outcome)
    except ServiceError as error:
        record(call, None, error)
        raise
    record(call, answer, None)
    return answer


def _perform(call: Call, operation: Operation, outcome: Outcome) -> Answer:
    if outcome.denial is not None:
        raise _denial(call, operation, outcome.denial)
    if operation.resource is not None:
        authorize(call.world, call.caller, call.action, operation.resource(call))
    return operation.handle(call)


def _denial(call: Call, operation: Operation, denial: DenyAccess) -> ServiceError:
    resource = (operation.resource or any_resource)(call)
    if denial.by_service_control_policy:
        return denied_by_service_control_policy(call.caller, call.action, resource)
    return denied_by_identity_policy(call.caller, call.action, resource)


def _record_use(call: Call) -> None:
    match call.caller:
        case RootKeyCaller(_, key_id) | UserCaller(_, _, key_id):
            record_use(call.world, key_id, LastUse(call.now, call.region, call.service))
        case _:
            pass
