"""The words of agencies' instructions in five languages, by what they do in a sentence. Pure data.

Phrases stand without accents, parted by "|"; a "*" at the end stands for any ending.
"""

ONLINE = ("web", "feed", "newsletter", "social", "app")

# What only the grammar needs to know: the kind of each word.
KINDS = {
    "no": "no|not|none|never|do not|don't|must not|may not|cannot|can not|not to be|must not be|may not be|not for|no use of|not available"
    "|unavailable|not to|shall not|shall not be|not authorized|not authorised|without|kein|keine|keinen|keiner|keinerlei|nicht|nie|niemals|darf nicht"
    "|durfen nicht|ohne|pas|pas de|pas d'|ne pas|ni|non|ne doit pas|ne peut pas|ne doit pas etre|ne peut etre|aucun|aucune|sans|sin|ningun|ninguna"
    "|nunca|non deve|non puo|nessun|nessuna|nessuno|senza|mai|non deve essere|non puo essere|no se debe|no se permite|no debe|no debe ser|no puede ser"
    "|nicht gestattet ist|nor|noch|ne|weder|ne peut|tampoco",
    "ban": "not cleared|not yet cleared|not cleared for|not licensed|not licensed for|forbidden|prohibited|not allowed|not permitted|banned|barred|blocked|restricted in|not authorized in|verboten|untersagt|gesperrt|gesperrt fur"
    "|nicht gestattet|nicht erlaubt|nicht zulassig|unzulassig|nicht freigegeben|interdit|interdite|interdits|interdites|non autorise*|prohibid*"
    "|queda prohibid*|no permitid*|no autorizad*|vietat*|e vietat*|proibit*|non consentit*|non permess*|non autorizzat*|strictly prohibited"
    "|is prohibited|are prohibited|denied|off limits|embargoed in|blocked in|banned in",
    "out": "out|outs|raus",
    "only": "only|solely|exclusively|limited to|restricted to|nur|ausschliesslich|ausschließlich|lediglich|allein|beschrankt auf|begrenzt auf|seulement|uniquement"
    "|exclusivement|limite a|limitee a|reserve a|reservee a|reserve au|reserve aux|reserves a|solo|solamente|unicamente|exclusivamente|limitado a|limitada a"
    "|reservado a|reservado para|soltanto|esclusivamente|limitato a|limitata a|riservato a|riservata a|riservato all|riservata all|only for|only in"
    "|for use only|confined to|available only|only available|rien que",
    "except": "except|excepting|except for|excluding|exclude|excludes|excl|exc|ex|bar|less|apart|aside|other than|apart from|aside from|minus|save for|with the exception of"
    "|with exception of|barring|but not|but|all but|outside|outside of|unless in|non uk|ausser|außer|ausserhalb|außerhalb|ausserhalb von|außerhalb von|ausgenommen"
    "|mit ausnahme von|mit ausnahme der|bis auf|sauf|hors|hors de|hormis|excepte|a l'exception de|a l'exclusion de|a l'exception du|en dehors de|excepto"
    "|salvo|menos|a excepcion de|con excepcion de|con la excepcion de|fuera de|exceptuando|excluyendo|tranne|tranne che|eccetto|eccetto che|ad eccezione di|ad eccezione della"
    "|ad esclusione di|al di fuori di|al di fuori della|al di fuori dell|al di fuori del|fuori da|fuori dall|fuori dalla|fuori|escludendo|fuera del",
    "excl": "excluded|is excluded|are excluded|ausgeschlossen|exclu|exclus|exclue|exclues|excluid*|esclus*",
    "until": "until|till|til|before|prior to|to and including|up to|through|ahead of|bis|bis zum|vor|vor dem|jusqu'au|jusqu'a|avant|avant le|hasta|hasta el|antes de"
    "|antes del|fino al|fino a|prima del|prima di|prima delle|fino alle|until the|jusqu'en|not before",
    "after": "after|later than|beyond|past|from|starting|effective|as of|nach|nach dem|ab|ab dem|apres|apres le|a partir du|a compter du|despues de|despues del"
    "|a partir de|a partir del|dopo|dopo il|a partire dal|dal|since",
    "by": "by|within|until only|within the|bis spatestens|avant le|innerhalb von|binnen|dans les|en un plazo de|dentro de|entro|entro il|entro le|not after|no later than|for up to"
    "|for the first|over",
    "embargo": "embargo|embargoed|embargoes|under embargo|strictly embargoed|hold for release|sperrfrist|gesperrt bis|sous embargo|embargado|embargada|bajo embargo"
    "|sotto embargo|embargo bis|freigabe ab|not for release|not for release until|release date|for release|for release at|for release on|hold until|hold till"
    "|hold for|embargato|embargata",
    "expiry": "expires|expire|expiry|expiration|expires on|expiry date|expiration date|license ends|licence ends"
    "|license expires|licence expires|usage ends|usage period ends|valid until|valid till|valid through"
    "|rights end|rights expire|no longer available after|take down by|take down after|delete by"
    "|delete after|remove by|remove after|gultig bis|lizenz endet|valable jusqu'au|expire le|valido hasta"
    "|valida hasta|valido hasta el|caduca el|vence el|valido fino al|valida fino al|scade il|best before"
    "|usage period",
    "hold": "hold|on hold|withheld|withhold|pending approval|pending clearance|awaiting clearance|awaiting approval"
    "|internal use only|for internal use only|personal use only|reference only|for reference only|private use only|comp use only|layout use only|advisory hold|zuruckgezogen|en attente"
    "|in attesa|retenida|retenido|zuruckhalten|unusable|not usable|do not touch|bloccat*|bloquead*|bloque|bloquee|not free|nicht frei",
    "kill": "kill|killed|mandatory kill|photo kill|picture kill|kill notice|kill this|retracted|retract|delete|withdrawn|withdraw|eliminate|elimination|to be deleted|loschen|retiree|retire|a supprimer"
    "|supprimer|retirada|retirado|eliminar|ritirata|ritirato|eliminare|ruckruf|annule|annulee|anulada|anulado|annullata|annullato",
    "exclusive": "exclusive|exclusive to|exclusive for|exclusive rights to|exclusively to|exclusively for|sold exclusively to|sold to|exclusive use of|exclusive use by|exclusive property of|sole use of"
    "|sole use by|for the exclusive use of|for the sole use of|for exclusive use by|bought by|reserved for|exclusively licensed to|licensed exclusively to|exklusiv|exklusiv fur"
    "|exklusivrechte|exklusivrechte bei|exclusif|exclusive pour|exclusif pour|en exclusivite pour|exclusivite|exclusivite de|en exclusivite|exclusivo|exclusiva|exclusivo para"
    "|exclusiva para|en exclusiva para|exclusiva de|exclusivo de|esclusiva|in esclusiva|in esclusiva per|esclusiva di|esclusiva per|in exclusivity to|first rights to",
    "world": "world|worldwide|world wide|the world|whole world|global|globally|all countries|all territories|everywhere|anywhere|everyone|everything|everybody"
    "|all markets|internationally|international|weltweit|welt|alle lander|uberall|monde|monde entier|tous pays|tous les pays|tous territoires|mundo|mundial|mundiales|todo el mundo|todos los paises"
    "|mondo|tutto il mondo|mondiale|mondiali|tutti i paesi|tutti i territori|in tutto il mondo|all|alle|tous|todos|tutti|le monde entier|mondiaux|all regions",
    "rest": "rest of the world|rest of world|all rest of world|row|r o w|all other countries|all other territories|all others|everyone else|everybody else|other countries|other territories|all other markets|rest der welt|ubrige lander"
    "|alle anderen lander|reste du monde|tous les autres pays|autres pays|resto del mundo|demas paises|los demas paises|resto del mondo|altri paesi|tutti gli altri paesi|elsewhere",
    "use": "use|used|uses|usage|using|right|rights|publication|publications|publish|published|publishing|release|released|broadcast on|post|posted|posting|run|runs|appear|display|displayed|reproduction|reproduced|reproduce"
    "|nutzung|nutzen|genutzt|verwendung|verwenden|verwendet|veroffentlichung|veroffentlichen|veroffentlicht|abdruck|rechte|nutzungsrechte|verwendbar|nutzbar|utilisable|utilizzabile|utilisation|utiliser|utilise|utilisee"
    "|usages|diffusion|diffuser|publier|publiee|publie|droits|exploitation|reproduction|uso|usos|usar|utilizar|utilizacion|publicacion|publicar|derechos|difusion|reproduccion|utilizzo"
    "|utilizzare|usare|utilizzata|usata|pubblicazione|pubblicare|pubblicata|diritti|riproduzione|diffusione|einsatz|available|availability|verfugbar|disponible|disponibile|clearance for",
    "ok": "not released|nr|no expiry|no expiry date|no expiration|no expiration date|does not expire|for immediate release|no embargo|not embargoed|embargo lifted|embargo has been lifted|embargo is lifted|embargo expired|embargo over|distributed as a service to clients|file photo"
    "|all rights reserved|no restrictions|no restriction|unrestricted|non exclusive|not exclusive|nonexclusive|handout|file|alle rechte vorbehalten|tous droits reserves|todos los derechos reservados"
    "|tutti i diritti riservati|keine einschrankungen|sans restriction|sin restricciones|nessuna restrizione|free for editorial use|no fee|model released|property released|not model released"
    "|model release no|model release not available|special instructions|instructions|restrictions apply|no known restrictions|ohne einschrankung|copyright",
    "further": "further notice|notified|notice|advised|further notified|cleared|approved|further advice|auf weiteres|nouvel ordre|nuevo aviso|nuovo avviso|nuova comunicazione|aviso|avviso",
    "forever": "in perpetuity|forever|unbefristet",
    "in": "in|for|to|on|by|at|with|within the|im|fur|auf|zu|zur|zum|am|bei|mit|an|en|dans|pour|sur|au|aux|par|a|ai|alla|allo|alle|para|por|con|al|all|per|nel|nella|nello|nei|negli|nell|sul"
    "|sulla|sui|sulle|su|da|von|through all|via|di|del|della|dell|dello|dei|degli|delle|de|du|des|of",
    "and": "and|or|und|oder|et|ou|y|o|e|u|ed|plus|sowie|as well as|and also|nor",
    "filler": "frei|free|freigegeben|allowed|permitted|licensed|license|licence|erlaubt|gestattet|autorise|autorisee|permis|permise|permitido|permitida|consentito|consentita|toute|toutes|tout|jede|jegliche|toda|cualquier|qualsiasi|ogni|every|each|yet|still|currently|now|"
    "the|a|an|this|these|that|those|its|it|is|are|be|been|being|was|were|must|may|can|shall|should|will|to be|please|pls|strictly|absolutely|photo|photos|image|images|picture|pictures|pic|pics"
    "|material|content|client|media|papers|any|all media|attention|note|nb|n b|editors|special|important|restriction|restrictions|territory|territories|country|countries|markets|market|region|also"
    "|other|such|here|there|available for|cleared for|der|die|das|den|dem|des|ein|eine|einer|eines|einem|dieses|diese|dieser|bild|bilder|foto|fotos|das bild|bitte|achtung|hinweis|ist|sind|darf|durfen"
    "|werden|wird|muss|mussen|sein|le|la|les|l|d|un|une|cette|ces|ce|est|sont|doit|etre|veuillez|merci|photographie|cliche|image|attention|el|los|las|una|esta|este|estas|es|son|debe|ser|su|sus"
    "|imagen|imagenes|atencion|se|il|lo|gli|i|uno|questa|questo|queste|e'|sono|deve|essere|immagine|immagini|attenzione|nota|si|dell|full|purposes|purpose|campaign|campaigns|products|kind"
    "|form|type|way|way whatsoever|whatsoever|either|both|only in full|reporting|zwecke|zwecken|fini|fines|fins|formal|prior|uhr|time|land|lander|pays|paises|paesi|tag|tage|area|including|incl|copyright",
}

# Channels: what a word means here.
CHANNEL_WORDS = {
    "social|social media|social network*|social use|facebook|instagram|twitter|x com|tiktok|snapchat|youtube|socials|soziale medien|sozialen medien|soziale netzwerke"
    "|sozialen netzwerken|reseaux sociaux|redes sociales|redes|social network|reti sociali|i social|rrss": ("social",),
    "internet|online|on line|web|website*|web site*|digital|www|digital use|the web|online medien|onlinemedien|siti web|sito web|sitios web|sitio web|pagina* web|numerique"
    "|en ligne|sites internet|site internet|siti internet|in rete|en linea|digitale": ONLINE,
    "mobile|mobile device*|mobile phone*|app|apps|mobile use|mobil|applis|aplicaciones|applicazioni": ("app",),
    "newsletter*|email*|e mail*": ("newsletter",),
    "magazine*|mag|mags|print|prints|printed|newspaper*|zeitung*|zeitschrift*|printmedien|presse ecrite|journaux|prensa escrita|revistas|revista|periodicos|impres*|stampa|carta stampata"
    "|giornali|riviste|quotidiani|papier|print media|print edition*|newsprint|dailies|sundays|weeklies|magazin*|tageszeitung*": (
        "print",
    ),
    "syndication|syndicate|syndicated": ("syndication",),
    "rss|feeds|rss feed*": ("feed",),
}

# Things a ban or an "only" can be about: (condition when forbidden, condition when it is all that is allowed).
# A "!" says that nobody here may use the photo until somebody looked.
THINGS = {
    "archiv*|archiving|archive use|archived|archives|archivage|archivier*|library use|library|store|stored|storage|speicher*": (
        "no_archive",
        "!",
    ),
    "sale|sales|resale|resales|re sale|re sales|resell|resold|sold|sell|licensing|relicensing|redistribution|re distribution|distribution|transfer|third party|third parties|third party sales|third party use"
    "|weiterverkauf|verkauf|weitergabe|weitergabe an dritte|dritte|vente|ventes|revente|reventes|cession|tiers|venta|ventas|reventa|cesion|terceros|vendita|vendite|rivendita|cessione|terzi|resyndication"
    "|syndication sales|vertrieb|distribucion|distribuzione|vendre|vender|vendere": ("no_resale", ""),
    "editorial|editorial use|editorial usage|editorial purposes|editorially|news|news use|news reporting|editorial reporting|redaktionell*|editoriale*|editorial*|informational use|journalistic|non commercial|noncommercial"
    "|journalistisch*|informativo*|non commerciale|no comercial|nicht kommerziell*|berichterstattung|nachrichten": (
        "!",
        "editorial_only",
    ),
    "commercial*|commercial use|advertis*|advert|adverts|ad|ads|marketing|merchandis*|promotion*|advertorial*|endorsement*|kommerziell*|werb*|publicit*|publicidad|comercial*|pubblicita*|pubblicitari*"
    "|commercial*|promo|promos|publicitaire*|promozional*": ("editorial_only", "!"),
    "crop|crops|cropped|cropping|beschneid*|beschnitt*|beschnitten|recadr*|recort*|tagliare|tagliata|tagliato|ritagli*|taglio|trim|trimmed|trimming|zuschneid*|zuschnitt": (
        "no_crop",
        "",
    ),
    "flip|flipped|flipping|flop|flopped|flopping|mirror|mirrored|mirroring|reversed|spiegel*|gespiegelt|inverser|inversion|retourner|voltear|invertir|specchia*|capovol*": (
        "no_flip",
        "",
    ),
    "retouch*|digital retouching|alter|altered|altering|alteration*|digital alteration*|manipulat*|digital manipulation*|modify|modified|modifying|modification*|edit|edited|editing|coloriz*|colouris*|colourising"
    "|coloring|colouring|veranderung*|verandern|verandert|bearbeit*|verfremd*|retusch*|retouche*|modifier|modifiee|retoc*|manipul*|modificar|modificada|modificacion|alterar|alterada|ritocc*|modificata|modificare"
    "|modifica|modifiche|alterata|alterazion*": ("no_retouch", ""),
    "merging|merge|merged|montage*|composite*|compositing|collage*|overlay*|superimpos*|fotomontage*|fotomontaje*|fotomontaggi*": (
        "no_merge",
        "",
    ),
    "cover|covers|front cover*|front page*|page|pages|cover use|titelseite*|titelbild*|couverture*|une|portada*|copertin*|prima pagina": (
        "no_cover",
        "!",
    ),
    "tabloid*|tabs|tab|red tops|boulevard*|boulevardpresse|presse people|prensa rosa|prensa del corazon|stampa rosa": (
        "no_tabloids",
        "!",
    ),
    "tv|television|televisions|broadcast|broadcasts|broadcasters|fernsehen|tele|televisivo|televisivi|radio": (
        "no_tv",
        "!",
    ),
    "book|books|bucher|livres|libros|libri": ("no_books", "!"),
    "one time|one time use|1 time use|single use|one use|single publication|one off use|one off|one time publication|einmalig*|einmalige nutzung|un solo uso|una sola vez|usage unique|utilisation unique"
    "|une seule fois|uso singolo|una tantum|una sola volta": ("", "one_time_use"),
    "clients|members|subscribers|kunden|abonnes|clientes|abonados|clienti|abbonati": ("clients_only", "clients_only"),
    "ai|ai training|artificial intelligence|machine learning|data mining|text and data mining|tdm|ki training|generative ai|ai use|scraping": (
        "no_data_mining",
        "!",
    ),
    "black and white|color|colour": ("", ""),
}

# Whole turns of phrase, as regular expressions in which a space stands for any white space, over the folded text.
NO_OPERATOR = r"(?:(?!\b(?:no|not|out|only|except|until|exclusive|embargo\w*)\b).)"
TURNS = {
    "": (
        r"(?:(?:\d{1,2} )?[a-z]{3,9} (?:\d{1,2}, )?\d{4},? )?file (?:photo|picture|image)",
        r"(?:\w+ )?provides access to this (?:publicly distributed )?handout (?:photo|image|picture)",
        r"this (?:image|picture|photo) (?:has been|was) (?:supplied|provided) by a third[- ]party",
        r"it is distributed(?:,)? exactly as received by \w+(?:,)? as a service to clients",
    ),
    "credit_mandatory": (
        r"(?:mandatory|compulsory|obligatory) (?:photo |full )?(?:credit|byline)",
        r"(?:full )?(?:credit|byline)(?: line)?(?: is)? (?:mandatory|compulsory|required|obligatory|essential)",
        r"must (?:be )?credit(?:ed)?",
        r"(?:please )?(?:photo )?(?:credit|byline)(?: line)?(?: (?:to read|as|should read|must read))?(?=\s*[:\"])",
        r"(?:bildnachweis|credito|credit photo|crediti)(?=\s*[:\"])",
        r"(?:photo )?credit must (?:be (?:given|shown|used)|appear|read)",
        r"(?:nur )?mit (?:vollstandiger |voller )?(?:nennung|namensnennung|quellenangabe|urhebernennung)(?: (?:des|der) (?:\w+ )?(?:credits?|urhebers|fotografen|agentur|quelle))?",
        r"(?:namensnennung|urhebervermerk|bildnachweis|nennung|credit|quellenangabe)(?: ist)? (?:pflicht|obligatorisch|erforderlich|zwingend)",
        r"(?:mention|credit|signature)(?: du credit| photo| de la source)? (?:est )?obligatoires?",
        r"(?:credito|firma|mencion)(?: fotografico| de la agencia)? obligatori[oa]",
        r"(?:citazione|credito|credit|firma|menzione)(?: della fonte)?(?: e')? obbligatori[oa]",
        r"obbligo di (?:citazione|firma|credito)(?: della fonte)?",
    ),
    "clients_only": (
        r"for use (?:only )?by (?!media )[\w.&'-]{2,30} (?:clients|members|subscribers) only",
    ),
    "no_crop": (
        r"(?:must |to |should |can only |only )?(?:be )?(?:used?|run|published|printed|appear) (?:only )?(?:uncropped|full[- ]frame|in full|whole)(?: (?:and|or) (?:uncropped|full[- ]frame|in full))?",
        r"(?:uncropped|full[- ]frame)(?: use)?(?: only)?",
        r"(?:keep|leave) uncropped",
        r"(?:nur )?(?:unbeschnitten|in voller grosse)",
        r"sans recadrage|non recadree?|sin recortar|sin recortes|senza tagli",
    ),
    "pixelate_children": (
        r"(?:please )?pixell?at(?:e|ed|ion)(?: (?:of )?(?:the )?(?:(?:child\w*|minors?)(?:'s)? )?faces?)?(?: (?:of (?:the )?(?:child\w*|minors?)))?(?: (?:prior to|before) (?:publication|publishing|use))?",
        r"(?:please )?(?:blur|obscure|mask)(?:ed)? (?:the )?(?:(?:child\w*|minors?)(?:'s)? )?faces?(?: (?:of (?:the )?(?:child\w*|minors?)))?(?: (?:prior to|before) (?:publication|publishing|use))?",
        r"(?:bitte )?(?:gesicht(?:er)?|kind(?:er)?) (?:bitte )?(?:ver)?pixeln",
        r"flouter (?:le|les) visages?(?: des enfants| du mineur| des mineurs)?",
        r"pixelar (?:el rostro|los rostros|la cara)(?: del menor| de los menores)?",
    ),
    "ask_first": (
        r"(?:prior |written |express )*(?:permission|approval|consent|clearance|authori[sz]ation) (?:is |must be )?(?:required|needed|obtained)",
        r"(?:without|subject to) (?:the )?(?:prior |written |express )*(?:permission|approval|consent|authori[sz]ation)",
        rf"(?:please )?(?:call|contact|ring|e-?mail|phone) {NO_OPERATOR}{{0,60}}\b(?:before|prior to|prior|for (?:rates|fees?|prices?|usage|use|(?:all |any )?commercial(?: or promotional)?(?: uses?)?))(?: (?:use|using|usage|publication|publishing))?",
        r"(?:fees?|prices?|rates?) (?:must|to|should|need to) (?:be )?(?:agreed|negotiated)(?: (?:prior to|before) (?:use|usage|publication))?",
        r"(?:fees?|rates?) (?:on|upon) (?:request|application)",
        r"(?:premium|special|minimum|double) (?:rates?|fees?|usage|web)(?: apply)?",
        r"price on application|poa",
        r"space rates?",
        r"honorarpflichtig|(?:nur )?gegen honorar|nur nach (?:rucksprache|absprache|genehmigung)|genehmigung erforderlich|kostenpflichtig",
        r"(?:sur|avec|sous reserve d')?(?:accord|autorisation) (?:prealable )?(?:obligatoire|requise?|necessaire)|sans autorisation(?: prealable)?|nous consulter",
        r"(?:previa|con) autorizacion(?: previa)?|sin autorizacion(?: previa)?|consultar (?:precio|tarifa)s?",
        r"(?:previa autorizzazione|senza autorizzazione|su richiesta|a pagamento)",
    ),
    "one_time_use": (r"(?:one|1|single)[- ](?:time )?(?:use|usage|publication)", r"einmalige? (?:nutzung|verwendung|abdruck|veroffentlichung)", r"un solo (?:uso|utilizzo)|una sola (?:vez|volta)|uso (?:unico|singolo)|(?:usage|utilisation) unique|une seule (?:fois|utilisation)"),
    "editorial_only": (r"(?:no|not for|sin|senza|sans|pas de|keine) (?:fines|fini|fins|but|scopi) (?:comerciales|commerciali|commerciaux|lucrativos)",),
    "related_only": (
        r"(?:only )?(?:to be used |for use |used )?(?:only )?in (?:direct )?(?:connection|relation|conjunction) (?:with|to)",
        r"(?:nur )?im (?:direkten )?zusammenhang mit",
        r"(?:uniquement )?(?:en relation|en lien|dans le cadre) (?:avec|de|du|d')",
        r"(?:solo )?(?:en relacion|en el marco) (?:con|de)",
        r"(?:solo )?(?:in relazione|nell'ambito) (?:a|al|alla|di|del|della)",
    ),
}  # fmt: skip
COUNTED_FROM = (
    r"(?:from|of|after|since|following|nach|apres|desde|dalla|dopo) (?:the )?(?:date of |time of |day of |first )*"
    r"(?:transmission|receipt|download|delivery|issue|publication|use|capture|moving|erhalt|ubertragung|reception|recepcion|ricezione)"
)
