"""Gathers the rooms' models for Django; one migrations folder serves them all."""

from registry.businesses.addresses import FormerSlug
from registry.businesses.belongings import Consent, Licence, Photo, Product, ScaleRecord
from registry.businesses.jobs import Job
from registry.businesses.models import Business, Ownership
from registry.checks.models import Check
from registry.checks.sheets import Sheet, SheetLine
from registry.imports.models import Import, ImportRow
from registry.outreach.models import OutreachLine, OutreachQueue, OwnerLink
from registry.people.models import Person
from registry.regions.models import Boundary, Holiday, Post, Region, RegionAlias
from registry.reports.models import LastVisit, VisitRequest
from registry.search.models import FacetEntry, FacetSnapshot, Posting, Synonym, Term, Variant
from registry.sectors.models import Kbli, ProductCentre, Subsector
from registry.submissions.batches import Batch
from registry.submissions.models import Attachment, Submission, SubmissionEditor
from registry.submissions.sampling import SampleCheck
from registry.tips.models import Tip

__all__ = [
    "Attachment",
    "Batch",
    "Boundary",
    "Business",
    "Check",
    "Consent",
    "FacetEntry",
    "FacetSnapshot",
    "FormerSlug",
    "Holiday",
    "Import",
    "ImportRow",
    "Job",
    "Kbli",
    "LastVisit",
    "Licence",
    "OutreachLine",
    "OutreachQueue",
    "OwnerLink",
    "Ownership",
    "Person",
    "Photo",
    "Post",
    "Posting",
    "Product",
    "ProductCentre",
    "Region",
    "RegionAlias",
    "SampleCheck",
    "ScaleRecord",
    "Sheet",
    "SheetLine",
    "Submission",
    "SubmissionEditor",
    "Subsector",
    "Synonym",
    "Term",
    "Tip",
    "Variant",
    "VisitRequest",
]
