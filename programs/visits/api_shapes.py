"""How visits, visit days, follow-ups and mentorings read over the API, and what may be sent."""

from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from programs.partners.models import Organisation
from programs.visits.days import MOST_A_DAY, VisitDay
from programs.visits.due import LONGEST
from programs.visits.follow_ups import TEXT_LENGTH, USUAL_WORKING_DAYS, FollowUp, FollowUpNote
from programs.visits.mentoring import Mentoring, MentoringSession, Service
from programs.visits.models import FINDING_LENGTH, Visit, VisitPhoto
from registry.reports.needs import Need
from registry.submissions.models import Submission
from umkm_portal.lib.api import ShownSerializer, StrictSerializer

MOST_PROBLEMS = 10


def code():
    return serializers.SlugRelatedField(slug_field="code", read_only=True)


def linked(**options):
    """The uuid of a row that is named, or null."""
    return serializers.SlugRelatedField(slug_field="uuid", read_only=True, allow_null=True, **options)


def named(**options):
    """The short name of an organisation."""
    return serializers.SlugRelatedField(slug_field="short_name", read_only=True, **options)


def words(limit, **options):
    return serializers.CharField(max_length=limit, **options)


def optional_words(limit):
    return serializers.CharField(max_length=limit, required=False, allow_blank=True)


def organisation(**options):
    return serializers.SlugRelatedField(
        slug_field="short_name",
        queryset=Organisation.objects.active(),
        help_text="Nama singkat instansi, misalnya DISNAKER.",
        **options,
    )


# ---- visits --------------------------------------------------------------------------------------------


class VisitRowSerializer(ShownSerializer):
    """One row of a list, without what was found."""

    name = serializers.CharField(read_only=True)
    kelurahan = code()
    business = linked()
    day = linked()
    request = linked()

    class Meta:
        model = Visit
        fields = (
            "uuid", "name", "business", "kelurahan", "rt", "rw", "on", "state", "day", "request", "told_at",
            "recorded_at", "version",
        )  # fmt: skip
        read_only_fields = fields


class VisitPhotoSerializer(ShownSerializer):
    url = serializers.SerializerMethodField()

    class Meta:
        model = VisitPhoto
        fields = ("uuid", "url", "uploaded_at")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.URI_REF)
    def get_url(self, photo):
        """Where the picture lies: private, for who may read the visit."""
        return reverse("api-visit-photo", args=[photo.visit.uuid, photo.uuid])


class VisitProposalSerializer(ShownSerializer):
    """A submission that came of a visit."""

    class Meta:
        model = Submission
        fields = ("uuid", "kind", "status", "proposed_at")
        read_only_fields = fields


class VisitSerializer(VisitRowSerializer):
    """One visit with what was found, and what was proposed because of it (as far as the reader may know)."""

    organisations = named(many=True)
    photos = VisitPhotoSerializer(many=True, read_only=True)
    proposed = serializers.SerializerMethodField()

    class Meta(VisitRowSerializer.Meta):
        fields = (
            *VisitRowSerializer.Meta.fields, *Visit.FINDINGS, "who", "organisations", "photos", "proposed",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(VisitProposalSerializer(many=True))
    def get_proposed(self, visit):
        rows = visit.proposals_for(self.context["request"].user)
        return VisitProposalSerializer(rows, many=True, context=self.context).data


class ProblemSerializer(StrictSerializer):
    """One problem that becomes a follow-up. The same `uuid` again is the same follow-up."""

    uuid = serializers.UUIDField()
    need = serializers.ChoiceField(choices=Need.choices)
    problem = words(TEXT_LENGTH)
    organisation = organisation()
    working_days = serializers.IntegerField(min_value=1, max_value=LONGEST, default=USUAL_WORKING_DAYS)


class VisitFoundSerializer(StrictSerializer):
    """What was found. What is not named stays as it is."""

    on = serializers.DateField(required=False, help_text="Tanggal kunjungan; tidak di masa depan.")
    production = optional_words(FINDING_LENGTH)
    marketing = optional_words(FINDING_LENGTH)
    problems = optional_words(FINDING_LENGTH)
    needs = optional_words(FINDING_LENGTH)
    who = optional_words(300)
    organisations = organisation(many=True, required=False)
    follow_ups = ProblemSerializer(many=True, required=False, max_length=MOST_PROBLEMS)


class UnplannedVisitSerializer(VisitFoundSerializer):
    """A visit nobody planned: of a recorded business, or of one that is only named."""

    uuid = serializers.UUIDField(help_text="Buat sendiri, sekali untuk tiap kunjungan.")
    on = serializers.DateField()
    business = serializers.UUIDField(required=False, allow_null=True)
    told_name = optional_words(250)
    kelurahan = serializers.CharField(
        max_length=13, required=False, help_text="Kode; wajib tanpa `business`."
    )
    rt = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    rw = serializers.IntegerField(min_value=1, max_value=999, required=False, allow_null=True)
    told_at = serializers.DateTimeField(required=False, help_text="Saat dicatat; tanpa ini, sekarang.")


class VisitMissSerializer(StrictSerializer):
    reason = optional_words(FINDING_LENGTH)


class VisitProposedSerializer(StrictSerializer):
    submission = serializers.UUIDField(
        help_text="UUID usulan tentang usaha yang dikunjungi; usaha baru bila belum terdata."
    )


class VisitPictureSerializer(StrictSerializer):
    file = serializers.FileField(help_text="JPG, PNG atau WebP.")


# ---- visit days ----------------------------------------------------------------------------------------


class VisitDaySerializer(ShownSerializer):
    """One day, who goes, and how many visits it holds (as far as the reader may read them)."""

    organisations = named(many=True)

    class Meta:
        model = VisitDay
        fields = (
            "uuid", "on", "title", "who", "organisations", "planned_at", "cancelled_at", "version",
        )  # fmt: skip
        read_only_fields = fields


class NewVisitDaySerializer(StrictSerializer):
    uuid = serializers.UUIDField(required=False, help_text="Buat sendiri: kiriman ulang tidak menjadi dua.")
    on = serializers.DateField(help_text="Hari ini atau sesudahnya.")
    title = optional_words(120)
    who = optional_words(300)
    organisations = organisation(many=True, required=False)


class VisitDayChangeSerializer(StrictSerializer):
    title = optional_words(120)
    who = optional_words(300)
    organisations = organisation(many=True, required=False)


class VisitDayMoveSerializer(StrictSerializer):
    on = serializers.DateField(help_text="Tanggal baru: hari ini atau sesudahnya.")


class VisitDayAddSerializer(StrictSerializer):
    requests = serializers.ListField(
        child=serializers.UUIDField(),
        min_length=1,
        max_length=MOST_A_DAY,
        help_text="UUID laporan yang masih menunggu; semua atau tidak satu pun.",
    )


class VisitDayRemoveSerializer(StrictSerializer):
    visit = serializers.UUIDField(help_text="Kunjungan yang masih direncanakan pada hari ini.")


# ---- follow-ups ----------------------------------------------------------------------------------------


class FollowUpRowSerializer(ShownSerializer):
    """One row of a list."""

    organisation = named()
    kelurahan = code()
    business = linked()
    visit = linked()
    request = linked()

    class Meta:
        model = FollowUp
        fields = (
            "uuid", "need", "organisation", "kelurahan", "business", "visit", "request", "due_on", "state",
            "opened_at", "escalated_at", "closed_at", "version",
        )  # fmt: skip
        read_only_fields = fields


class FollowUpNoteSerializer(serializers.Serializer):
    act = serializers.ChoiceField(choices=list(FollowUpNote.ACTS))
    text = serializers.CharField(allow_blank=True)
    organisation = serializers.CharField(source="organisation.short_name")
    at = serializers.DateTimeField(source="told_at")
    by = serializers.CharField(
        source="told_by.name", allow_null=True, default=None, help_text="Nama akun; null bila oleh waktu."
    )


class FollowUpSerializer(FollowUpRowSerializer):
    """One problem with its history, newest step last."""

    has_photo = serializers.SerializerMethodField(help_text="Foto bukti: …/photo/")
    history = serializers.SerializerMethodField()

    class Meta(FollowUpRowSerializer.Meta):
        fields = (*FollowUpRowSerializer.Meta.fields, "problem", "evidence", "has_photo", "history")
        read_only_fields = fields

    @extend_schema_field(OpenApiTypes.BOOL)
    def get_has_photo(self, row):
        return bool(row.evidence_photo)

    @extend_schema_field(FollowUpNoteSerializer(many=True))
    def get_history(self, row):
        notes = row.history.select_related("told_by", "organisation").order_by("pk")
        return FollowUpNoteSerializer(notes, many=True).data


class NewFollowUpSerializer(ProblemSerializer):
    """A problem of a visit, of a report, or of a business: exactly one of the three."""

    visit = serializers.UUIDField(required=False)
    request = serializers.UUIDField(required=False)
    business = serializers.UUIDField(required=False)


class FollowUpHandOverSerializer(StrictSerializer):
    organisation = organisation()
    reason = words(TEXT_LENGTH)
    working_days = serializers.IntegerField(
        min_value=1, max_value=LONGEST, required=False, help_text="Tanpa ini tenggatnya tetap."
    )


class FollowUpReplySerializer(StrictSerializer):
    text = words(TEXT_LENGTH)


class FollowUpEvidenceSerializer(StrictSerializer):
    """In words; with a picture as a form with a file."""

    evidence = words(TEXT_LENGTH)
    photo = serializers.FileField(required=False)


class FollowUpReasonSerializer(StrictSerializer):
    reason = words(TEXT_LENGTH)


# ---- mentoring -----------------------------------------------------------------------------------------


class MentoringRowSerializer(ShownSerializer):
    business = linked()
    organisation = named(allow_null=True)

    class Meta:
        model = Mentoring
        fields = (
            "uuid", "business", "goal", "mentor", "organisation", "started_at", "ended_at", "result",
            "version",
        )  # fmt: skip
        read_only_fields = fields


class MentoringSessionSerializer(ShownSerializer):
    class Meta:
        model = MentoringSession
        fields = ("uuid", "on", "service", "note", "told_at")
        read_only_fields = fields


class MentoringSerializer(MentoringRowSerializer):
    """One series with its sessions, newest first."""

    sessions = MentoringSessionSerializer(many=True, read_only=True)

    class Meta(MentoringRowSerializer.Meta):
        fields = (*MentoringRowSerializer.Meta.fields, "result_note", "sessions")
        read_only_fields = fields


class NewMentoringSerializer(StrictSerializer):
    business = serializers.UUIDField()
    goal = words(300)
    mentor = words(150)
    organisation = organisation(required=False, allow_null=True)


class NewSessionSerializer(StrictSerializer):
    uuid = serializers.UUIDField(required=False, help_text="Buat sendiri: kiriman ulang tidak menjadi dua.")
    on = serializers.DateField()
    service = serializers.ChoiceField(choices=Service.choices)
    note = optional_words(2000)


class MentoringEndSerializer(StrictSerializer):
    result = serializers.ChoiceField(choices=Mentoring.Result.choices)
    note = optional_words(2000)
