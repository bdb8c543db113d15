"""The API's list of addresses; each room brings its viewsets."""

from django.urls import path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerView
from rest_framework.permissions import AllowAny
from rest_framework.routers import SimpleRouter

from registry.api import routes

router = SimpleRouter()
for prefix, viewset, basename in routes:
    router.register(prefix, viewset, basename=basename)


class SchemaView(SpectacularJSONAPIView):
    permission_classes = [AllowAny]
    authentication_classes = []


class DocsView(SpectacularSwaggerView):
    permission_classes = [AllowAny]
    authentication_classes = []


urlpatterns = [
    *router.urls,
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(url_name="schema"), name="api-docs"),
]
