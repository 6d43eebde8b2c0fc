"""What people may send: the start of a run, registries and their logins, a connection to test."""

from updates.forms.host import HostForm, HostPageForm
from updates.forms.image import ImageForm
from updates.forms.import_logins import ImportForm
from updates.forms.policy import PolicyForm
from updates.forms.registry import RegistryForm
from updates.forms.start import StartRunForm
from updates.forms.write_only import PublicPemField, WriteOnlyField, WriteOnlyForm

__all__ = [
    "HostForm",
    "HostPageForm",
    "ImageForm",
    "ImportForm",
    "PolicyForm",
    "PublicPemField",
    "RegistryForm",
    "StartRunForm",
    "WriteOnlyField",
    "WriteOnlyForm",
]
