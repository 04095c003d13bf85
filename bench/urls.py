from django.urls import path

from cms.urls import urlpatterns as marquee

from . import yardsticks

urlpatterns = [
    path("yardstick/constant/<str:name>", yardsticks.constant),
    path("yardstick/row/<slug:slug>", yardsticks.stored_row),
    path("yardstick/drf/articles/", yardsticks.PlainList.as_view()),
    path("yardstick/drf/articles/<slug:slug>/", yardsticks.PlainDetail.as_view()),
    *marquee,
]
