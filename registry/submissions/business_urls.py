"""The page of one business and of acts on it, in this room because they show and make proposals."""

from django.urls import path

from registry.submissions import business_acts, business_page

urlpatterns = [
    path("usaha/<uuid:identity>/", business_page.business_detail, name="business-detail"),
    path("usaha/<uuid:identity>/keadaan/", business_acts.business_state, name="business-state"),
    path("usaha/<uuid:identity>/ganti-pemilik/", business_acts.business_owner, name="business-owner"),
    path("usaha/<uuid:identity>/pengakuan/", business_acts.business_recognise, name="business-recognise"),
    path("usaha/<uuid:identity>/riwayat/", business_acts.business_history, name="business-history"),
]
