"""Monthly reports over the API: the same figures and verbs as the pages."""

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from accounts.access import holding
from accounts.idempotency import Idempotent
from programs.monthly import figures, months
from programs.monthly.editions import APPROVE, RECEIVE, VIEW, WRITE
from programs.monthly.filters import MonthlyReportFilter, month_named
from programs.monthly.models import NOTE_LENGTH, NUMBER_LENGTH, REASON_LENGTH, MonthlyReport
from registry.regions.models import Region
from umkm_portal.lib.api import KnownParameters, ShownSerializer, StrictSerializer
from umkm_portal.lib.conditional import Conditional, tag_of
from umkm_portal.lib.errors import not_found
from umkm_portal.lib.schema import IF_MATCH

READS, WRITES = holding(VIEW), holding(WRITE)
SIGNS, RECEIVES = holding(APPROVE), holding(RECEIVE)


class MonthlyCorrectionSerializer(serializers.Serializer):
    sent = serializers.IntegerField(help_text="Seperti saat dikirim.")
    now = serializers.IntegerField(help_text="Dihitung sekarang.")


class MonthlyRatesSerializer(serializers.Serializer):
    """Persen dari usaha terdata; null bila tidak ada usaha."""

    freshness = serializers.IntegerField(allow_null=True, help_text="Dipastikan aktif dalam 180 hari.")
    coverage = serializers.IntegerField(allow_null=True, help_text="Dilihat pada bulan itu.")
    coverage_ever = serializers.IntegerField(allow_null=True, help_text="Pernah dilihat.")


class MonthlyReportRowSerializer(ShownSerializer):
    """One row of a list."""

    kelurahan = serializers.SlugRelatedField(slug_field="code", read_only=True)
    month = serializers.SerializerMethodField(help_text="Misalnya 2026-10.")
    progress = serializers.CharField(
        source="state", read_only=True, help_text="draft, submitted, returned, sent atau received."
    )

    class Meta:
        model = MonthlyReport
        fields = (
            "uuid", "kelurahan", "month", "edition", "progress", "letter_number", "letter_on",
            "begun_at", "submitted_at", "approved_at", "received_at", "reminded_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.CharField())
    def get_month(self, report):
        return f"{report.month:%Y-%m}"


class MonthlyReportSerializer(MonthlyReportRowSerializer):
    """Satu laporan dengan angkanya. Angka yang terkirim tidak berubah; `corrections` menunjukkan yang berbeda
    bila dihitung sekarang."""

    figures = serializers.SerializerMethodField(help_text="Seperti saat dikirim; sebelumnya dihitung kini.")
    rates = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField(help_text="Koreksi setelah dikirim, per angka.")
    authors = serializers.SerializerMethodField(help_text="Yang menyusun, menurut urutannya.")
    due_on = serializers.SerializerMethodField(help_text="Tenggat.")

    class Meta(MonthlyReportRowSerializer.Meta):
        fields = (
            *MonthlyReportRowSerializer.Meta.fields,
            "note", "reason", "correction", "authors", "due_on", "figures", "rates", "corrections",
        )  # fmt: skip
        read_only_fields = fields

    def _now(self, report):
        return self.context["counts"]

    def _sent(self, report):
        return report.figures.get("counts", {}) if report.is_out else {}

    @extend_schema_field(serializers.DictField(child=serializers.IntegerField()))
    def get_figures(self, report):
        return self._sent(report) or self._now(report)

    @extend_schema_field(MonthlyRatesSerializer)
    def get_rates(self, report):
        return figures.rates(self._sent(report) or self._now(report))._asdict()

    @extend_schema_field(serializers.DictField(child=MonthlyCorrectionSerializer()))
    def get_corrections(self, report):
        changed = figures.corrections(self._sent(report), self._now(report))
        return {key: {"sent": sent, "now": now} for key, (sent, now) in changed.items()}

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_authors(self, report):
        return [author.name for author in report.authors()]

    @extend_schema_field(serializers.DateField())
    def get_due_on(self, report):
        return report.due_on()


class MonthlyBeginSerializer(StrictSerializer):
    kelurahan = serializers.RegexField(r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$", help_text="Kode Kemendagri.")
    month = serializers.CharField(min_length=7, max_length=7, validators=[month_named], help_text="2026-10")


class MonthlyNoteSerializer(StrictSerializer):
    note = serializers.CharField(max_length=NOTE_LENGTH, allow_blank=True)


class MonthlySignSerializer(StrictSerializer):
    letter_number = serializers.CharField(max_length=NUMBER_LENGTH)
    letter_on = serializers.DateField()


class MonthlyReasonSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=REASON_LENGTH)


class MonthlyNothingSerializer(StrictSerializer):
    """No body."""


def act(name, request, permission, *, code=200):
    """Decorator: POST …/<name>/ on one report, for holders of `permission`."""

    def decorate(method):
        acting = action(detail=True, methods=["post"], url_path=name, permission_classes=[permission])(method)
        return extend_schema(
            request=request, responses={code: MonthlyReportSerializer}, filters=False, parameters=[IF_MATCH]
        )(acting)

    return decorate


class MonthlyReportViewSet(
    Idempotent, Conditional, KnownParameters, mixins.ListModelMixin, viewsets.GenericViewSet
):
    """Laporan bulanan kelurahan: terisi sendiri dari yang terjadi, disetujui lurah, diterima Diskopindag.

    Satu kelurahan dan bulan dapat beredisi: yang terkirim tidak berubah, koreksinya edisi berikut. ETag
    memuat angkanya: yang disetujui lurah adalah angka yang dibacanya.
    """

    queryset = MonthlyReport.objects.none()
    serializer_class = MonthlyReportRowSerializer
    filterset_class = MonthlyReportFilter
    permission_classes = [READS]
    throttle_scope = None
    lookup_field = "uuid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"
    ordering = "-id"
    ordering_fields = ("month",)

    def get_permissions(self):
        if self.action in ("create", "partial_update"):
            return [WRITES()]
        return super().get_permissions()

    def get_queryset(self):
        rows = MonthlyReport.objects.visible_to(self.request.user)
        if self.action == "list":
            return rows.for_list()
        return rows.select_related("kelurahan__parent__parent")

    def tag(self, report):
        if getattr(self, "_counted", None) is None or self._counted[0] != report.pk:
            self._counted = report.pk, figures.count(report.kelurahan, report.month)
        return tag_of(
            [getattr(report, field.attname) for field in report._meta.concrete_fields],
            self._counted[1],
            [author.name for author in report.authors()],
            str(report.due_on()),
            self.request.user.pk,
        )

    def answer(self, report, code=status.HTTP_200_OK):
        rows = MonthlyReport.objects.select_related("kelurahan__parent__parent")
        report, self._counted = rows.get(pk=report.pk), None
        return self.shown(report, self.tag(report), code)

    def shown(self, report, tag, code=status.HTTP_200_OK):
        context = self.get_serializer_context() | {"counts": self._counted[1]}
        return Response(MonthlyReportSerializer(report, context=context).data, code, headers={"ETag": tag})

    def given(self, serializer_class):
        serializer = serializer_class(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return serializer.validated_data

    @extend_schema(responses=MonthlyReportSerializer)
    def retrieve(self, request, uuid):
        report = self.get_object()
        tag = self.tag(report)
        return self.unchanged(tag) or self.shown(report, tag)

    @extend_schema(
        request=MonthlyBeginSerializer, responses={200: MonthlyReportSerializer, 201: MonthlyReportSerializer}
    )
    def create(self, request):
        """Menyusun laporan sebuah bulan; yang sudah ada dijawab dengan 200."""
        given = self.given(MonthlyBeginSerializer)
        kelurahan = Region.objects.kelurahan().filter(code=given["kelurahan"]).first()
        if kelurahan is None:
            raise not_found()
        report, new = MonthlyReport.begin(
            kelurahan=kelurahan, month=months.parse(given["month"]), by=request.user
        )
        return self.answer(report, status.HTTP_201_CREATED if new else status.HTTP_200_OK)

    @extend_schema(request=MonthlyNoteSerializer, responses=MonthlyReportSerializer, parameters=[IF_MATCH])
    def partial_update(self, request, uuid):
        """Menulis catatannya, selama belum diteruskan."""
        return self._done(MonthlyNoteSerializer, lambda row, given: row.write(by=request.user, **given))

    def _done(self, shape, verb):
        given = self.given(shape)
        with self.changing(self.get_object()) as report:
            verb(report, given)
        return self.answer(report)

    @act("submit", MonthlyNothingSerializer, WRITES)
    def submit(self, request, uuid):
        """Meneruskan kepada lurah, mulai hari kerja terakhir bulan itu."""
        return self._done(MonthlyNothingSerializer, lambda row, given: row.submit(by=request.user))

    @act("approve", MonthlySignSerializer, SIGNS)
    def approve(self, request, uuid):
        """Menyetujui dan mengirim, oleh lurah atau Plh yang tidak ikut menyusun."""
        return self._done(MonthlySignSerializer, lambda row, given: row.approve(by=request.user, **given))

    @act("return", MonthlyReasonSerializer, SIGNS)
    def send_back(self, request, uuid):
        """Mengembalikan kepada petugas dengan alasan."""
        return self._done(
            MonthlyReasonSerializer, lambda row, given: row.return_for_changes(by=request.user, **given)
        )

    @act("receive", MonthlyNothingSerializer, RECEIVES)
    def receive(self, request, uuid):
        """Menerima, oleh Diskopindag."""
        return self._done(MonthlyNothingSerializer, lambda row, given: row.receive(by=request.user))

    @act("correct", MonthlyReasonSerializer, WRITES, code=201)
    def correct(self, request, uuid):
        """Menyusun edisi koreksi dari yang sudah terkirim; jawabannya edisi yang baru."""
        given = self.given(MonthlyReasonSerializer)
        with self.changing(self.get_object()) as report:
            edition = report.correct(by=request.user, **given)
        return self.answer(edition, status.HTTP_201_CREATED)
