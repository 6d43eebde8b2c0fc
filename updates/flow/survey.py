"""Which of a host's containers take part in a run, and how each stands to its registry.

Each distinct reference is one question. An inspect only for a container whose list entry names no
image, since its tag moved away, and for an image whose platform its registry does not have.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from updates.engine.container import ContainerSummary
from updates.engine.errors import EngineError
from updates.flow import check, filters
from updates.flow.check import Answer, Images, Verdict
from updates.flow.platform import is_same_machine, own_platform
from updates.flow.ports import EnginePort, Guard, RegistryPort
from updates.flow.rules import Rules
from updates.flow.session import CheckStatus
from updates.registry.errors import InvalidReference
from updates.registry.reference import Reference, is_image_id

logger = logging.getLogger(__name__)
NOT_ASKED = Answer(error="Registries are not asked (no pull).")


@dataclass(slots=True)
class Survey:
    """Finds the verdicts, by container id: of all that take part, and of those that do not."""

    engine: EnginePort
    registries: RegistryPort
    rules: Rules
    own_ids: Collection[str]
    guard: Guard
    verdicts: dict[str, Verdict] = field(default_factory=dict)

    def choose(self, containers: Sequence[ContainerSummary]) -> list[ContainerSummary]:
        """Those that take part. The excluded ones get their verdict here.

        What only this run leaves out keeps the verdict that an earlier one gave it.
        """
        chosen = []
        for container in containers:
            found = self.guard(partial(self._left_out, container), _unknown)
            if isinstance(found, Verdict):
                self.verdicts[container.id] = found
            elif found:
                logger.debug("left out container=%s reason=%s", container.name, found)
            else:
                chosen.append(container)
        return chosen

    def check(self, chosen: Sequence[ContainerSummary], images: Images) -> None:
        """A verdict for each of them; each distinct reference is asked once."""
        asked: dict[str, Reference] = {}
        for container in chosen:
            found = self.guard(partial(self._without_asking, container, images), _unknown)
            if isinstance(found, Reference):
                asked[container.id] = found
            else:
                self.verdicts[container.id] = found
        offline = {one.id for one in chosen if self.rules.of(one).no_pull}
        answers = self._ask({one for key, one in asked.items() if key not in offline})
        settled = self.registries.settled()
        for container in (one for one in chosen if one.id in asked):
            reference = asked[container.id]
            answer = NOT_ASKED if container.id in offline else answers[reference]
            judge = partial(check.judge, container, reference, images, answer, settled)
            work = partial(self._judge, container, answer, judge)
            self.verdicts[container.id] = self.guard(work, _unknown)

    def _left_out(self, container: ContainerSummary) -> Verdict | str:
        """A verdict for what is out of every run, a sentence for this one; "" if it takes part."""
        if why := filters.why_excluded(container, self.rules, self.own_ids):
            return Verdict(CheckStatus.EXCLUDED, reason=why)
        return filters.why_left_out(self._with_image(container), self.rules)

    def _with_image(self, container: ContainerSummary) -> ContainerSummary:
        """The container with the name of its image, where a run for images needs to know it."""
        configured = self._configured_image(container) if self.rules.images else ""
        return replace(container, image=configured) if configured else container

    def _judge(
        self, container: ContainerSummary, answer: Answer, judge: Callable[[str], Verdict]
    ) -> Verdict:
        """The verdict for the host's platform; for the image's own if that is emulated here."""
        host = self.engine.info.platform
        verdict = judge(host)
        if verdict.status is not CheckStatus.UNKNOWN or answer.is_for(host):
            return verdict
        own = own_platform(self.engine.inspect_image, container.image_id) or host
        return verdict if is_same_machine(own, host) else judge(own)

    def _ask(self, references: Collection[Reference]) -> Mapping[Reference, Answer]:
        return self.registries.resolve(references) if references else {}

    def _without_asking(self, container: ContainerSummary, images: Images) -> Verdict | Reference:
        """The verdict that needs no registry, or the reference to ask for."""
        try:
            configured = self._configured_image(container)
            reference = check.reference_of(container, images, configured)
        except (InvalidReference, EngineError) as error:
            return _unknown(str(error))
        verdict = check.before_asking(container, reference, images)
        return verdict or reference or _unknown("Its image has no name.")

    def _configured_image(self, container: ContainerSummary) -> str:
        """What the container was made from, asked only when its list entry shows an id."""
        if not is_image_id(container.image):
            return ""
        return str(self.engine.inspect_container(container.id)["Config"].get("Image", ""))


def _unknown(reason: str) -> Verdict:
    return Verdict(CheckStatus.UNKNOWN, reason=reason)
