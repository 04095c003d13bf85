"""Brands are agencies of their own: they were spellings of another house, under whose name their photos were credited.

Only spellings that are as they were seeded become rows; what a desk has under one of these names stays as the desk has
it. `parse_credits --reparse` shows the credits that name a brand and are still under the other house.
"""

from django.db import migrations

# (was a spelling of, name, kind, other spellings of it)
BRANDS = [
    ('AMC', 'AMC Networks', 'broadcaster', []),
    ('AMC', 'AMC Studios', 'broadcaster', []),
    ('Amazon', 'Amazon MGM Studios', 'studio', []),
    ('Amazon', 'Amazon Studios', 'studio', []),
    ('Amazon', 'Prime Video', 'streamer', ['Amazon Prime Video', 'Amazon Prime', 'Amazon Video']),
    ('Amazon', 'Amazon Music', 'streamer', []),
    ('Amazon', 'Amazon Freevee', 'streamer', ['Freevee']),
    ('ABC', 'ABC News', 'broadcaster', []),
    ('ABC', 'ABC Studios', 'broadcaster', []),
    ('ABC', 'ABC Family', 'broadcaster', []),
    ('ABC', 'ABC Signature', 'broadcaster', []),
    ('ABC', 'Disney ABC Television Group', 'broadcaster', ['ABC Television Group', 'Disney-ABC', 'Walt Disney Television']),
    ('A&E', 'A+E Studios', 'broadcaster', []),
    ('Activision', 'Blizzard Entertainment', 'studio', ['Blizzard']),
    ('Activision', 'Activision Blizzard', 'studio', []),
    ('Advance Local', 'MLive', 'publication', []),
    ('Advance Local', 'AL.com', 'publication', []),
    ('Advance Local', 'PennLive', 'publication', []),
    ('Advance Local', 'MassLive', 'publication', []),
    ('AOL', 'AOL BUILD', 'publication', ['BUILD Series']),
    ('AP', 'APTN', 'wire', []),
    ('AP', 'AP Photo Archive', 'wire', []),
    ('BBC', 'BBC News', 'broadcaster', []),
    ('BBC', 'BBC Sport', 'broadcaster', []),
    ('BBC', 'BBC Radio', 'broadcaster', ['BBC Radio 1', 'BBC Radio 2']),
    ('BBC', 'BBC Scotland', 'broadcaster', []),
    ('BBC', 'BBC Cymru Wales', 'broadcaster', []),
    ('BBC', 'BBC Northern Ireland', 'broadcaster', []),
    ('BBC Studios', 'BBC America', 'studio', []),
    ('BBC Studios', 'BBC Worldwide', 'studio', []),
    ('Big Hit Entertainment', 'HYBE', 'studio', []),
    ('Big Hit Entertainment', 'BIGHIT MUSIC', 'studio', []),
    ('CBS', 'CBS News', 'broadcaster', []),
    ('CBS', 'CBS Studios', 'broadcaster', ['CBS Television Studios']),
    ('CBS', 'CBS Interactive', 'broadcaster', []),
    ('CBS', 'CBS All Access', 'broadcaster', []),
    ('CBS', 'CBS Sports', 'broadcaster', []),
    ('CBS', 'CBS Television Distribution', 'broadcaster', []),
    ('CBS', 'CBS Productions', 'broadcaster', []),
    ('Channel 4', 'E4', 'broadcaster', []),
    ('Channel 4', 'More4', 'broadcaster', []),
    ('Columbia Pictures', 'Columbia TriStar', 'studio', []),
    ('CTV', 'Bell Media', 'broadcaster', []),
    ('Daily Mail', 'Mail on Sunday', 'publication', []),
    ('Daily Mirror', 'Sunday Mirror', 'publication', []),
    ('DC Comics', 'DC Entertainment', 'studio', []),
    ('DC Comics', 'DC Films', 'studio', []),
    ('DC Comics', 'DC Studios', 'studio', []),
    ('DC Comics', 'DC Universe', 'studio', []),
    ('Discovery', 'Discovery Communications', 'broadcaster', []),
    ('Disney Channel', 'Disney XD', 'broadcaster', []),
    ('Disney Channel', 'Disney Junior', 'broadcaster', []),
    ('DreamWorks', 'DreamWorks Animation', 'studio', ['DreamWorks Animation LLC']),
    ('E! Entertainment', 'E! News', 'broadcaster', []),
    ('Electronic Arts', 'EA Sports', 'studio', []),
    ('Endemol', 'Endemol Shine', 'studio', []),
    ('Eon Productions', 'Danjaq', 'studio', ['Danjaq, LLC']),
    ('Fox', 'FOX Sports', 'broadcaster', []),
    ('Fox News', 'Fox Business', 'broadcaster', []),
    ('Fox Searchlight', 'Searchlight Pictures', 'studio', ['Searchlight']),
    ('FX', 'FXX', 'broadcaster', []),
    ('FX', 'FX Productions', 'broadcaster', []),
    ('Gamma-Rapho', 'Gamma', 'agency', []),
    ('Gamma-Rapho', 'Rapho', 'agency', []),
    ('Getty Images', 'Getty Entertainment', 'agency', ['Getty Images Entertainment']),
    ('Getty Images', 'Getty Images Sport', 'agency', []),
    ('Getty Images', 'Getty Images News', 'agency', []),
    ('Getty Images', 'Getty Contour', 'agency', ['Contour by Getty Images']),
    ('Global Radio', 'Capital FM', 'broadcaster', []),
    ('Global Radio', 'Heart FM', 'broadcaster', []),
    ('Global TV', 'Global News', 'broadcaster', []),
    ('Global TV', 'Corus Entertainment', 'broadcaster', ['Corus']),
    ('Goff Photos', 'Xposure', 'agency', []),
    ('HBO', 'HBO Films', 'broadcaster', []),
    ('HBO', 'HBO Documentary Films', 'broadcaster', []),
    ('HBO', 'HBO Asia', 'broadcaster', []),
    ('HBO', 'HBO Latino', 'broadcaster', []),
    ('Hallmark', 'Crown Media', 'broadcaster', ['Crown Media United States', 'Crown Media United States LLC', 'Crown Media Family Networks']),
    ('Hallmark', 'Hallmark Media', 'broadcaster', []),
    ('IFC Films', 'IFC Midnight', 'studio', []),
    ('Interscope', 'Interscope Geffen A&M', 'studio', []),
    ('India Today', 'Aaj Tak', 'broadcaster', []),
    ('Le Parisien', 'PHOTOPQR', 'publication', []),
    ('Lucasfilm', 'ILM', 'studio', []),
    ('Marvel Studios', 'Marvel Entertainment', 'studio', []),
    ('Marvel Studios', 'Marvel Television', 'studio', []),
    ('Marvel Studios', 'Marvel Comics', 'studio', []),
    ('Mediaset', 'Telecinco', 'broadcaster', []),
    ('MediaNews Group', 'Southern California News Group', 'wire', ['SCNG']),
    ('MediaNews Group', 'Digital First Media', 'wire', ['DFM']),
    ('Microsoft', 'Xbox', 'studio', ['Xbox Game Studios']),
    ('National Geographic', 'National Geographic Society', 'broadcaster', []),
    ('NBC', 'NBCUniversal', 'broadcaster', ['NBCUniversal Media', 'NBC Universal', 'NBCU', 'NBCUniversal Media, LLC']),
    ('NBC', 'NBC News', 'broadcaster', []),
    ('NBC', 'NBC Sports', 'broadcaster', []),
    ('NBC', 'NBC Studios', 'broadcaster', []),
    ('MGM', 'MGM Television', 'studio', []),
    ('New York Magazine', 'Vulture', 'publication', []),
    ('New York Magazine', 'The Cut', 'publication', []),
    ('News Corp Australia', 'News Corp', 'publication', []),
    ('News Corp Australia', 'News.com.au', 'publication', []),
    ('Oprah Winfrey Network', 'Harpo', 'studio', ['Harpo Productions', 'Harpo, Inc.', 'Harpo Studios']),
    ('Paramount Pictures', 'Paramount Television', 'studio', []),
    ('Paramount Pictures', 'Paramount Players', 'studio', []),
    ('Paramount Pictures', 'Paramount Animation', 'studio', []),
    ('Paramount Pictures', 'Paramount Classics', 'studio', []),
    ('Paramount Pictures', 'Paramount Vantage', 'studio', []),
    ('Paramount Pictures', 'Paramount Network', 'studio', []),
    ('PBS', 'WGBH', 'broadcaster', ['GBH']),
    ('PBS', 'Masterpiece', 'broadcaster', ['PBS Masterpiece', 'Masterpiece Theatre']),
    ('PBS', 'American Masters', 'broadcaster', []),
    ('Sky', 'Sky News', 'broadcaster', []),
    ('Sky', 'Sky Sports', 'broadcaster', []),
    ('Sky', 'Sky Arts', 'broadcaster', []),
    ('Sky', 'Sky Atlantic', 'broadcaster', []),
    ('Sky', 'Sky Studios', 'broadcaster', []),
    ('Sky', 'Sky Italia', 'broadcaster', []),
    ('Sony Pictures', 'Sony', 'studio', []),
    ('Sony Pictures', 'Sony Pictures Television', 'studio', ['SPT']),
    ('Sony Pictures', 'Sony Pictures Classics', 'studio', []),
    ('Sony Pictures', 'Sony Pictures Animation', 'studio', []),
    ('Sony Pictures', 'Sony Pictures Imageworks', 'studio', []),
    ('The Canadian Press', 'CP24', 'wire', []),
    ('The LIFE Picture Collection', 'DMI', 'agency', []),
    ('The Mercury News', 'Bay Area News Group', 'publication', []),
    ('The Mercury News', 'East Bay Times', 'publication', []),
    ('The Times', 'The Sunday Times', 'publication', ['Sunday Times']),
    ('The Telegraph', 'Sunday Telegraph', 'publication', []),
    ('The Weinstein Company', 'Dimension Films', 'studio', ['Dimension']),
    ('TNT', 'Turner', 'broadcaster', ['Turner Broadcasting', 'Turner Networks']),
    ('Universal Pictures', 'Universal Television', 'studio', ['Universal TV']),
    ('Universal Pictures', 'Universal Studios', 'studio', ['Universal City Studios']),
    ('Virgin Records', 'Virgin EMI', 'studio', []),
    ('Walt Disney Pictures', 'Disney', 'studio', ['Walt Disney', 'Disney Enterprises', 'Disney Enterprises Inc', 'The Walt Disney Company', 'Walt Disney Co']),
    ('Walt Disney Pictures', 'Walt Disney Animation Studios', 'studio', ['Disney Animation']),
    ('Walt Disney Pictures', 'Disney Television', 'studio', []),
    ('Walt Disney Pictures', 'Disney Parks', 'studio', ['Disneyland', 'Disneyland Resort']),
    ('Warner Bros.', 'Warner Bros. Television', 'studio', ['Warner Bros. TV', 'WBTV']),
    ('Warner Bros.', 'Warner Bros. Discovery', 'studio', []),
    ('Warner Bros.', 'Warner Bros. Animation', 'studio', []),
    ('Warner Bros.', 'Warner Independent Pictures', 'studio', []),
    ('Warner Music', 'Warner Records', 'studio', ['Warner Bros. Records']),
    ('Warner Music', 'Warner Music Nashville', 'studio', []),
    ('Sony Music', 'Sony Music Nashville', 'studio', []),
    ('Universal Music', 'Universal Music Nashville', 'studio', ['UMG Nashville']),
    ('WWD', 'Fairchild Archive', 'publication', ['Fairchild']),
    ('WWD', 'Conde Nast', 'publication', []),
    ('Wikimedia Commons', 'Wikipedia', 'agency', []),
    ('Westbrook', 'Red Table Talk', 'studio', []),
    ('Apple TV+', 'Apple', 'streamer', ['Apple Inc']),
    ('Apple TV+', 'Apple Music', 'streamer', []),
    ('Apple TV+', 'iTunes', 'streamer', []),
    ('Apple TV+', 'Apple Original Films', 'streamer', ['Apple Studios']),
    ('ITV', 'ITV News', 'broadcaster', []),
    ('Reuters', 'Thomson Reuters', 'wire', []),
    ('Reuters', 'Reuters TV', 'wire', []),
    ('Time', 'Time Inc', 'publication', []),
    ('Times of India', 'BCCL', 'publication', []),
    ('Times of India', 'Times Group', 'publication', []),
    ('Twitter', 'X', 'platform', ['X.com']),
    ('20th Century Fox', '20th Century Studios', 'studio', ['Twentieth Century Studios']),
    ('20th Century Fox', '20th Century Fox Television', 'studio', ['20th Century Fox TV']),
    ('20th Century Fox', '20th Television', 'studio', []),
    ('MTV', 'MTV News', 'broadcaster', []),
    ('MTV', 'MTV UK', 'broadcaster', []),
    ('BET', 'BET+', 'broadcaster', []),
    ('Zee TV', 'ZEE5', 'broadcaster', []),
    ('Zee TV', 'Zee Studios', 'broadcaster', []),
    ('Zee TV', 'Zee Cinema', 'broadcaster', []),
    ('UFC', 'Zuffa', 'studio', ['Zuffa LLC']),
    ('Viacom', 'ViacomCBS', 'broadcaster', []),
    ('Sydney Morning Herald', 'Fairfax Media', 'publication', ['Fairfax']),
    ('Sipa USA', 'Sipa Press', 'agency', ['SIPA', 'SIPA Images']),
    ('RTL', 'TVNOW', 'broadcaster', []),
    ('CJ Entertainment', 'CJ ENM', 'studio', []),
]
NEW = [
    ('Album', 'agency', ['Album Archivo', 'Album Archivo Fotografico']),
    ('Bluesky', 'platform', ['BlueSky Social', 'bsky', 'bsky.app']),
    ('Mastodon', 'platform', []),
    ('VK', 'platform', ['VKontakte']),
    ('Truth Social', 'platform', []),
    ('Douyin', 'platform', []),
    ('Xiaohongshu', 'platform', ['RedNote']),
    ('WeChat', 'platform', []),
    ('Kick', 'platform', []),
    ('BeReal', 'platform', []),
    ('Midjourney', 'other', []),
    ('DALL-E', 'other', ['DALL·E', 'DALL-E 3', 'DALL-E 2']),
    ('OpenAI', 'other', []),
    ('ChatGPT', 'other', []),
    ('Stable Diffusion', 'other', ['Stability AI']),
    ('Adobe Firefly', 'other', ['Firefly']),
    ('Google Gemini', 'other', ['Gemini']),
    ('Grok', 'other', []),
]
PARENTS = {
    '20th Century Fox': ['20th Century Fox Television'],
    'A&E': ['A+E Studios'],
    'AMC Networks': ['AMC', 'AMC Studios', 'IFC Films', 'IFC Midnight'],
    'AP': ['AP Photo Archive', 'APTN', 'Invision'],
    'Activision': ['Blizzard Entertainment'],
    'Advance Local': ['AL.com', 'MLive', 'MassLive', 'PennLive'],
    'Amazon': ['Amazon Freevee', 'Amazon MGM Studios', 'Amazon Music', 'Amazon Studios', 'Prime Video'],
    'Apple': ['Apple Music', 'Apple Original Films', 'Apple TV+', 'iTunes'],
    'BBC': ['BBC America', 'BBC Cymru Wales', 'BBC News', 'BBC Northern Ireland', 'BBC Radio', 'BBC Scotland', 'BBC Sport', 'BBC Studios', 'BBC Worldwide'],
    'BET': ['BET+'],
    'Big Hit Entertainment': ['BIGHIT MUSIC'],
    'CBS': ['CBS All Access', 'CBS Interactive', 'CBS News', 'CBS Productions', 'CBS Sports', 'CBS Studios', 'CBS Television Distribution'],
    'Channel 4': ['E4', 'More4'],
    'Disney': ['20th Century Studios', '20th Television', 'ABC', 'ABC Family', 'ABC News', 'ABC Signature', 'ABC Studios', 'Disney ABC Television Group', 'Disney Channel', 'Disney General Entertainment Content', 'Disney Junior', 'Disney Parks', 'Disney Television', 'Disney XD', 'Disney+', 'Disney+ Hotstar', 'FX', 'FX Productions', 'FXX', 'ILM', 'Lucasfilm', 'Marvel Comics', 'Marvel Entertainment', 'Marvel Studios', 'Marvel Television', 'Pixar', 'Searchlight Pictures', 'Walt Disney Animation Studios', 'Walt Disney Pictures'],
    'DreamWorks': ['DreamWorks Animation'],
    'Electronic Arts': ['EA Sports'],
    'Endemol': ['Endemol Shine'],
    'Fox': ['FOX Sports'],
    'Fox News': ['Fox Business'],
    'Gamma-Rapho': ['Gamma', 'Rapho'],
    'Getty Images': ['Contour', 'Corbis', 'FilmMagic', 'GC Images', 'Getty Contour', 'Getty Entertainment', 'Getty Images News', 'Getty Images Sport', 'Hulton Archive', 'Redferns', 'WireImage', 'iStock'],
    'Global Radio': ['Capital FM', 'Heart FM'],
    'Global TV': ['Global News'],
    'ITV': ['ITV News'],
    'India Today': ['Aaj Tak'],
    'Interscope': ['Interscope Geffen A&M'],
    'Le Parisien': ['PHOTOPQR'],
    'MGM': ['MGM Television'],
    'MTV': ['MTV News', 'MTV UK'],
    'MediaNews Group': ['Southern California News Group'],
    'Mediaset': ['Telecinco'],
    'Microsoft': ['Xbox'],
    'NBCUniversal': ['Bravo', 'E! Entertainment', 'E! News', 'Focus Features', 'NBC', 'NBC News', 'NBC Sports', 'NBC Studios', 'NBCU Photo Bank', 'Peacock', 'Syfy', 'USA Network', 'Universal Pictures', 'Universal Studios', 'Universal Television'],
    'National Geographic': ['National Geographic Society'],
    'New York Magazine': ['The Cut', 'Vulture'],
    'News Corp': ['News Corp Australia', 'News.com.au'],
    'PA': ['PA Photos', 'Press Association Images'],
    'PBS': ['American Masters', 'Masterpiece'],
    'Paramount Pictures': ['Paramount Animation', 'Paramount Classics', 'Paramount Network', 'Paramount Players', 'Paramount Television', 'Paramount Vantage'],
    'Penske Media': ['Fairchild Archive', 'Rolling Stone', 'Variety', 'WWD'],
    'RTL': ['TVNOW'],
    'Reuters': ['Reuters TV'],
    'Shutterstock': ['REX'],
    'Sky': ['Sky Arts', 'Sky Atlantic', 'Sky Italia', 'Sky News', 'Sky Sports', 'Sky Studios'],
    'Sony': ['Columbia Pictures', 'Columbia TriStar', 'Sony Interactive Entertainment', 'Sony Music', 'Sony Music Nashville', 'Sony Pictures', 'Sony Pictures Animation', 'Sony Pictures Classics', 'Sony Pictures Imageworks', 'Sony Pictures Television'],
    'TNT': ['Turner'],
    'The Canadian Press': ['CP24'],
    'The Weinstein Company': ['Dimension Films'],
    'Universal Music': ['Universal Music Nashville'],
    'Virgin Records': ['Virgin EMI'],
    'Warner Bros. Discovery': ['DC Comics', 'DC Entertainment', 'DC Films', 'DC Studios', 'DC Universe', 'Discovery', 'Discovery Communications', 'HBO', 'HBO Asia', 'HBO Documentary Films', 'HBO Films', 'HBO Latino', 'HBO Max', 'New Line Cinema', 'Warner Bros.', 'Warner Bros. Animation', 'Warner Bros. Television', 'Warner Independent Pictures'],
    'Warner Music': ['Warner Music Nashville', 'Warner Records'],
}


def add(apps, schema_editor):
    Agency, AgencyAlias = apps.get_model("media", "Agency"), apps.get_model("media", "AgencyAlias")
    seeded = {alias.name.lower(): alias for alias in AgencyAlias.objects.select_related("agency")}
    here = {agency.name.lower() for agency in Agency.objects.all()}
    for house, name, kind, spellings in BRANDS:
        found = [seeded.get(spelling.lower()) for spelling in (name, *spellings)]
        own = [alias for alias in found if alias and alias.agency.name == house]
        if own and name.lower() not in here and (seeded.get(name.lower()) in (None, *own)):
            AgencyAlias.objects.filter(pk__in=[alias.pk for alias in own if alias.name.lower() == name.lower()]).delete()
            brand = Agency.objects.create(name=name, kind=kind)
            AgencyAlias.objects.filter(pk__in=[alias.pk for alias in own]).update(agency=brand)
            here.add(name.lower())
    for name, kind, spellings in NEW:
        if not {word.lower() for word in (name, *spellings)} & (here | set(seeded)):
            agency = Agency.objects.create(name=name, kind=kind)
            AgencyAlias.objects.bulk_create(AgencyAlias(agency=agency, name=word) for word in spellings)
    _join(Agency)


def _join(Agency):
    rows = {agency.name: agency for agency in Agency.objects.all()}
    for house, brands in PARENTS.items():
        pks = [rows[name].pk for name in brands if name in rows]
        if house in rows and rows[house].parent_id is None:
            Agency.objects.filter(pk__in=pks, parent=None).update(parent=rows[house])


def put_back(apps, schema_editor):
    """Make spellings again of the brands that no credit, right or other record names."""
    Agency, AgencyAlias = apps.get_model("media", "Agency"), apps.get_model("media", "AgencyAlias")
    Agency.objects.update(parent=None)
    rows = {agency.name: agency for agency in Agency.objects.all()}
    for house, name, _, _ in BRANDS:
        brand, old = rows.get(name), rows.get(house)
        if brand and old and not _is_used(brand):
            AgencyAlias.objects.filter(agency=brand).update(agency=old)
            brand.delete()
            AgencyAlias.objects.create(agency=old, name=name)


def _is_used(agency):
    return any(found.exists() for found in (agency.creditagency_set, agency.rights, agency.licences, agency.notices))


class Migration(migrations.Migration):
    dependencies = [("media", "0011_agency_brands")]
    operations = [migrations.RunPython(add, put_back)]
