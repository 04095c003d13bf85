"""What the schema says of ninjs: the fields that articles/api/ninjs.py writes. Empty ones are left out, others may come."""

from typing import Any

from rest_framework import serializers

from ..live.serializers import instant


def text(said: str, **options: Any) -> serializers.CharField:
    return serializers.CharField(help_text=said, **options)


class NinjsStandardSerializer(serializers.Serializer):
    """Which standard this is written in."""

    name = text("`ninjs`.")
    version = text("Such as 3.1.")
    schema = text("The address of the IPTC’s own schema.")


class NinjsTextSerializer(serializers.Serializer):
    """A text and what it is for."""

    role = text("Such as `main`, `short`, `summary`, `caption`, `creditline` or `alternativetext`.")
    contentType = text("The media type of `value`.")
    value = text("The text.")


class NinjsBodySerializer(NinjsTextSerializer):
    """The text of the article."""

    wordCount = serializers.IntegerField(help_text="Of the text.")
    charCount = serializers.IntegerField(help_text="Of `value`, markup included.")


class NinjsConceptSerializer(serializers.Serializer):
    """A person, work, section, tag or kind of article."""

    name = text("As readers see it.")
    rel = text("`about`, `mentions` or, of a person in a photo, `shown`.", required=False)
    literal = text("Its slug in this API.", required=False)
    uri = text("A web page that is surely about the same, such as Wikidata’s.", required=False)


class NinjsSourceSerializer(serializers.Serializer):
    """Where something comes from."""

    name = text("Such as a news agency.")
    role = text("`source` of an article, `agency` of a photo.")
    uri = text("Its web page.", required=False)


class NinjsAltIdSerializer(serializers.Serializer):
    """Another name of the article."""

    role = text("`slug` or `url`.")
    value = text("The name.")


class NinjsPointSerializer(serializers.Serializer):
    """The point that crops must keep."""

    x = serializers.IntegerField(help_text="In pixels from the left.")
    y = serializers.IntegerField(help_text="In pixels from the top.")


class NinjsRenditionSerializer(serializers.Serializer):
    """A file of a photo."""

    name = text("Its crop and width, such as `full-960`.")
    href = text("The whole address.")
    contentType = text("The media type.")
    width = serializers.IntegerField(required=False, help_text="In pixels; of the whole picture only.")
    height = serializers.IntegerField(
        required=False, help_text="In pixels; of the whole picture, where it is known to the pixel."
    )
    poi = NinjsPointSerializer(required=False, help_text="What crops must keep; of the whole picture only.")


class NinjsRightsSerializer(serializers.Serializer):
    """What a license says."""

    linkedRights = text("The address of the license.")


class NinjsSourceTypeSerializer(serializers.Serializer):
    """How a picture was made, in the words of the IPTC."""

    uri = text("The term.")
    name = text("Its last part, such as `trainedAlgorithmicMedia`.")


class NinjsPictureSerializer(serializers.Serializer):
    """A use of a photo that may be passed on."""

    name = text("Names this use of the photo in the article.")
    rel = text("`lead` or `body`.")
    uri = text("The photo’s id as a URN.")
    type = text("`picture`.")
    pubStatus = text("`usable`.")
    by = text("The photographers.", required=False)
    contentCreated = text("When it was taken.", required=False)
    descriptions = NinjsTextSerializer(many=True, required=False, help_text="Caption, credit line, alternative text.")
    copyrightNotice = text("To show as it is.", required=False)
    infoSources = NinjsSourceSerializer(many=True, required=False, help_text="The agencies.")
    rightsInfo = NinjsRightsSerializer(required=False, help_text="Under which license it is.")
    digitalSourceType = NinjsSourceTypeSerializer(required=False, help_text="How it was made, where that is known.")
    people = NinjsConceptSerializer(many=True, required=False, help_text="Who is in it.")
    renditions = NinjsRenditionSerializer(many=True, help_text="Its files.")


class NinjsSerializer(serializers.Serializer):
    """An article as IPTC ninjs 3.1. What is empty is left out; the IPTC’s own schema has more fields, which may come."""

    uri = text("The article’s id as a URN.")
    standard = NinjsStandardSerializer(help_text="Which standard this is written in.")
    type = text("`text`.")
    representationType = text("`full`.")
    pubStatus = text("`usable`.")
    version = text("Counts its publications.")
    language = text("Its language and region, such as `en-US`.")
    firstCreated = instant(help_text="When it first went live.")
    contentCreated = instant(help_text="When it first went live.")
    versionCreated = instant(help_text="When its present edition went live.")
    expires = instant(required=False, help_text="The first instant at which it is gone again.")
    title = text("The headline.")
    slugline = text("The slug.")
    by = text("The byline, without “By”.", required=False)
    headlines = NinjsTextSerializer(many=True, help_text="The headline, and others where they differ.")
    descriptions = NinjsTextSerializer(many=True, required=False, help_text="The standfirst.")
    bodies = NinjsBodySerializer(many=True, required=False, help_text="The text.")
    people = NinjsConceptSerializer(many=True, required=False, help_text="Whom it is about.")
    objects = NinjsConceptSerializer(many=True, required=False, help_text="Works it is about.")
    subjects = NinjsConceptSerializer(many=True, required=False, help_text="Its section and tags.")
    genres = NinjsConceptSerializer(many=True, required=False, help_text="What sort of article it is.")
    infoSources = NinjsSourceSerializer(many=True, required=False, help_text="Where it comes from, if not from us.")
    edNote = text("Corrections and updates.", required=False)
    copyrightHolder = text("The title that publishes it.", required=False)
    altIds = NinjsAltIdSerializer(many=True, required=False, help_text="Its slug and its page.")
    associations = NinjsPictureSerializer(
        many=True, required=False, help_text="Photos that may be passed on, the lead first."
    )
