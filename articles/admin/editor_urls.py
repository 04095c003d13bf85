"""The addresses below /admin/picker/, for the body editor, the photo picker and the palette."""

from django.urls import path

from . import colleagues, palette, photo_words, picker, writing

urlpatterns = [
    path("", picker.photos, name="picker"),
    path("names/<str:kind>/", picker.names, name="picker-names"),
    path("facets/", picker.facets, name="picker-facets"),
    path("similar/<uuid:key>/", picker.similar, name="picker-similar"),
    path("find/", palette.found, name="picker-find"),
    path("colleagues/", colleagues.colleagues, name="picker-colleagues"),
    path("mentions/", writing.mentions, name="picker-mentions"),
    path("stories/", writing.stories, name="picker-stories"),
    path("embed/", writing.embed, name="picker-embed"),
    path("clean/", writing.clean, name="picker-clean"),
    path("structure/", writing.structure, name="picker-structure"),
    path("build/", writing.build, name="picker-build"),
    path("fill/", writing.fill, name="picker-fill"),
    path("credit/", photo_words.read, name="picker-credit"),
    path("words/", photo_words.save, name="picker-words"),
    path("ask/", photo_words.ask, name="picker-ask"),
]
