"""The page of one business, which stands in this room because it shows what is proposed about it."""

from django.urls import path

from registry.submissions import business_page

urlpatterns = [path("usaha/<uuid:identity>/", business_page.business_detail, name="business-detail")]
