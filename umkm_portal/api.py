"""The API's list of addresses; each room brings its viewsets."""

from csp.decorators import csp_update
from django.urls import path, re_path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView
from rest_framework.exceptions import NotFound
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter
from rest_framework.views import APIView

from accounts.api import AllTokensView, CurrentTokenView, TokensView
from programs.api import routes as programs
from registry.api import routes as registry
from umkm_portal.home.api import MeView

router = SimpleRouter()
for prefix, viewset, basename in [*registry, *programs]:
    router.register(prefix, viewset, basename=basename)


class SchemaView(SpectacularJSONAPIView):
    permission_classes = [AllowAny]
    authentication_classes = []


@method_decorator(csp_update({"img-src": "data:"}), name="dispatch")  # the arrows in Swagger UI's own CSS
class DocsView(SpectacularSwaggerSplitView):
    """Swagger UI from our own files; its start script is a second request, as the CSP forbids inline ones."""

    permission_classes = [AllowAny]
    authentication_classes = []
    template_name = "api/docs.html"


@extend_schema(exclude=True)
class NothingHereView(APIView):
    """JSON for every other address under /api/v1/, also for one that only lacks its last slash."""

    permission_classes = [AllowAny]
    authentication_classes = []

    def initial(self, request, *args, **kwargs):
        super().initial(request, *args, **kwargs)
        raise NotFound(_("Tidak ada alamat seperti itu. Alamat API berakhir dengan garis miring."))


urlpatterns = [
    *router.urls,
    path("me/", MeView.as_view(), name="api-me"),
    path("tokens/", TokensView.as_view(), name="api-tokens"),
    path("tokens/current/", CurrentTokenView.as_view(), name="api-token-current"),
    path("tokens/end-all/", AllTokensView.as_view(), name="api-tokens-end-all"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(url_name="schema"), name="api-docs"),
    re_path("", NothingHereView.as_view(), name="api-nothing-here"),
]
