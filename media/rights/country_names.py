"""Countries as German, French, Spanish and Italian agencies write them, where English does not say the same."""

# From the Unicode Common Locale Data Repository, and a few short forms.
NAMES = """
AD Andorre|AE Vereinigte Arabische Emirate,Émirats arabes unis,Emiratos Árabes Unidos,Emirati Arabi Uniti
AF Afganistán|AG Antigua & Barbuda,Antigua und Barbuda,Antigua-et-Barbuda,Antigua y Barbuda,Antigua e Barbuda
AI Anguila|AL Albanien,Albanie|AM Armenien,Arménie|AQ Antarktis,Antarctique,Antártida,Antartide
AR Argentinien,Argentine|AS Amerikanisch-Samoa,Samoa américaines,Samoa Americana,Samoa Americane
AT Österreich,Autriche|AU Australien,Australie|AX Ålandinseln,Îles Åland,Islas Aland,Isole Åland
AZ Aserbaidschan,Azerbaïdjan,Azerbaiyán,Azerbaigian
BA Bosnia & Herzegovina,Bosnien und Herzegowina,Bosnie-Herzégovine,Bosnia y Herzegovina,Bosnia ed Erzegovina
BB Barbade|BD Bangladesch,Bangladés|BE Belgien,Belgique,Bélgica,Belgio|BG Bulgarien,Bulgarie
BH Bahreïn,Baréin,Bahrein|BJ Bénin,Benín|BL St. Barthélemy,Saint-Barthélemy,San Bartolomé|BM Bermudes,Bermudas
BN Brunei Darussalam,Brunéi|BO Bolivien,Bolivie
BQ Karibische Niederlande,Pays-Bas caribéens,Caribe neerlandés,Caraibi Olandesi
BR Brasilien,Brésil,Brasil,Brasile|BT Bhoutan,Bután|BV Bouvetinsel,Île Bouvet,Isla Bouvet,Isola Bouvet
BW Botsuana|BY Biélorussie,Bielorrusia,Bielorussia|BZ Belice|CA Kanada,Canadá
CC Kokosinseln,Îles Cocos,Islas Cocos,Isole Cocos
CD Congo - Kinshasa,Kongo-Kinshasa,Congo-Kinshasa,República Democrática del Congo
CF Zentralafrikanische Republik,République centrafricaine,República Centroafricana,Repubblica Centrafricana
CG Kongo-Brazzaville,Congo-Brazzaville|CH Schweiz,Suisse,Suiza,Svizzera|CI Costa d'Avorio
CK Cookinseln,Îles Cook,Islas Cook,Isole Cook|CL Chili,Cile|CM Kamerun,Cameroun,Camerún,Camerun|CN Chine,Cina
CO Kolumbien,Colombie|CU Kuba|CV Cabo Verde,Cap-Vert,Capo Verde|CW Curazao
CX Weihnachtsinsel,Île Christmas,Isla de Navidad,Isola Christmas|CY Zypern,Chypre,Chipre,Cipro
CZ Tschechien,Tchéquie,Chequia,Cechia,Repubblica Ceca,República Checa,République tchèque
DE Deutschland,Allemagne,Alemania,Germania,BRD,Bundesrepublik Deutschland|DJ Dschibuti,Yibuti,Gibuti
DK Dänemark,Danemark,Dinamarca,Danimarca
DO Dominikanische Republik,République dominicaine,República Dominicana,Repubblica Dominicana
DZ Algerien,Algérie,Argelia|EC Équateur|EE Estland,Estonie|EG Ägypten,Égypte,Egipto,Egitto
EH Westsahara,Sahara occidental,Sáhara Occidental,Sahara Occidentale|ER Érythrée
ES Spanien,Espagne,España,Spagna|ET Äthiopien,Éthiopie,Etiopía,Etiopia|FI Finnland,Finlande,Finlandia
FJ Fidschi,Fidji,Fiyi,Figi|FK Falklandinseln,Îles Malouines,Islas Malvinas,Isole Falkland
FM Mikronesien,Micronésie|FO Färöer,Îles Féroé,Islas Feroe,Isole Fær Øer|FR Frankreich,Francia|GA Gabun,Gabón
GB Vereinigtes Königreich,Royaume-Uni,Reino Unido,Regno Unito,Großbritannien,Grande-Bretagne,Gran Bretaña,Gran Bretagna
GE Georgien,Géorgie|GF Französisch-Guayana,Guyane française,Guayana Francesa,Guyana Francese|GG Guernesey
GI Gibilterra|GL Grönland,Groenland,Groenlandia|GM Gambie|GN Guinée|GP Guadalupe,Guadalupa
GQ Äquatorialguinea,Guinée équatoriale,Guinea Ecuatorial,Guinea Equatoriale|GR Griechenland,Grèce,Grecia
GS South Georgia & South Sandwich Islands,Georgia del Sud e Sandwich Australi|GW Guinée-Bissau,Guinea-Bisáu
HK Hong Kong SAR China,RAS di Hong Kong
HM Heard Island & McDonald Islands,Heard und McDonaldinseln,Îles Heard-et-MacDonald,Islas Heard y McDonald,Isole Heard e McDonald
HR Kroatien,Croatie,Croacia,Croazia|HT Haïti,Haití|HU Ungarn,Hongrie,Hungría,Ungheria|ID Indonesien,Indonésie
IE Irland,Irlande,Irlanda|IL Israël,Israele|IM Île de Man,Isla de Man,Isola di Man|IN Indien,Inde
IO Territorio Británico del Océano Índico|IQ Irak|IR Irán|IS Islande,Islandia,Islanda|IT Italien,Italie,Italia
JM Jamaika,Jamaïque,Giamaica|JO Jordanien,Jordanie,Jordania,Giordania|JP Japon,Japón,Giappone|KE Kenia
KG Kirgisistan,Kirghizstan,Kirguistán,Kirghizistan|KH Kambodscha,Cambodge,Camboya,Cambogia
KM Komoren,Comores,Comoras,Comore
KN St. Kitts & Nevis,St. Kitts und Nevis,Saint-Christophe-et-Niévès,San Cristóbal y Nieves,Saint Kitts e Nevis
KP Nordkorea,Corée du Nord,Corea del Norte,Corea del Nord|KR Südkorea,Corée du Sud,Corea del Sur,Corea del Sud
KW Koweït|KY Kaimaninseln,Îles Caïmans,Islas Caimán,Isole Cayman|KZ Kasachstan,Kazajistán,Kazakistan
LB Libanon,Liban,Líbano,Libano|LC St. Lucia,Sainte-Lucie,Santa Lucía|LS Lesoto|LT Litauen,Lituanie,Lituania
LU Luxemburgo,Lussemburgo|LV Lettland,Lettonie,Letonia,Lettonia|LY Libyen,Libye,Libia
MA Marokko,Maroc,Marruecos,Marocco|MC Mónaco|MD Republik Moldau,Moldavie,Moldavia|ME Monténégro
MF St. Martin,Saint-Martin|MG Madagaskar|MH Marshallinseln,Îles Marshall,Islas Marshall,Isole Marshall
MK Nordmazedonien,Macédoine du Nord,Macedonia del Norte,Macedonia del Nord|MN Mongolei,Mongolie
MO Macao SAR China,RAS di Macao
MP Nördliche Marianen,Îles Mariannes du Nord,Islas Marianas del Norte,Isole Marianne Settentrionali|MQ Martinica
MR Mauretanien,Mauritanie|MT Malte|MV Malediven,Maldivas,Maldive|MW Malaui|MX Mexiko,Mexique,México,Messico
MY Malaisie,Malasia|MZ Mosambik,Mozambico|NA Namibie
NC Neukaledonien,Nouvelle-Calédonie,Nueva Caledonia,Nuova Caledonia|NE Níger
NF Norfolkinsel,Île Norfolk,Isla Norfolk,Isola Norfolk
NL Niederlande,Pays-Bas,Países Bajos,Paesi Bassi,Olanda,Holanda,Hollande|NO Norwegen,Norvège,Noruega,Norvegia
NP Népal|NZ Neuseeland,Nouvelle-Zélande,Nueva Zelanda,Nuova Zelanda|OM Omán|PA Panamá|PE Pérou,Perú,Perù
PF Französisch-Polynesien,Polynésie française,Polinesia Francesa,Polinesia Francese
PG Papua-Neuguinea,Papouasie-Nouvelle-Guinée,Papúa Nueva Guinea,Papua Nuova Guinea
PH Philippinen,Filipinas,Filippine|PK Pakistán|PL Polen,Pologne,Polonia
PM St. Pierre & Miquelon,St. Pierre und Miquelon,Saint-Pierre-et-Miquelon,San Pedro y Miquelón,Saint-Pierre e Miquelon
PN Pitcairn Islands,Pitcairninseln,Îles Pitcairn,Islas Pitcairn,Isole Pitcairn|PR Porto Rico,Portorico
PS Palestinian Territories,Palästinensische Autonomiegebiete,Territoires palestiniens,Territorios Palestinos,Territori Palestinesi
PT Portogallo|PW Palaos|QA Katar,Catar|RE La Réunion,Reunión|RO Rumänien,Roumanie,Rumanía|RS Serbien,Serbie
RU Russland,Russie,Rusia|RW Ruanda|SA Saudi-Arabien,Arabie saoudite,Arabia Saudí,Arabia Saudita
SB Salomonen,Îles Salomon,Islas Salomón,Isole Salomone|SC Seychellen|SD Soudan,Sudán
SE Schweden,Suède,Suecia,Svezia|SG Singapur,Singapour
SH St. Helena, Ascension & Tristan da Cunha,St. Helena,Sainte-Hélène,Santa Elena,Sant'Elena
SI Slowenien,Slovénie,Eslovenia
SJ Svalbard & Jan Mayen,Spitzbergen und Jan Mayen,Svalbard et Jan Mayen,Svalbard y Jan Mayen,Svalbard e Jan Mayen
SK Slowakei,Slovaquie,Eslovaquia,Slovacchia|SL Sierra Leona|SM Saint-Marin|SN Sénégal|SO Somalie|SR Surinam
SS Südsudan,Soudan du Sud,Sudán del Sur,Sud Sudan
ST São Tomé & Príncipe,São Tomé und Príncipe,Sao Tomé-et-Principe,Santo Tomé y Príncipe,São Tomé e Príncipe
SY Syrien,Syrie,Siria|SZ Esuatini
TC Turks & Caicos Islands,Turks- und Caicosinseln,Îles Turques-et-Caïques,Islas Turcas y Caicos,Isole Turks e Caicos
TD Tschad,Tchad,Ciad
TF French Southern and Antarctic Lands,Französische Süd- und Antarktisgebiete,Terres australes françaises,Territorios Australes Franceses,Terre Australi Francesi
TH Thaïlande,Tailandia,Thailandia|TJ Tadschikistan,Tadjikistan,Tayikistán,Tagikistan|TL Timor oriental,Timor Est
TM Turkménistan,Turkmenistán|TN Tunesien,Tunisie,Túnez|TR Türkei,Turquie,Turquía,Turchia
TT Trinidad & Tobago,Trinidad und Tobago,Trinité-et-Tobago,Trinidad y Tobago,Trinidad e Tobago|TW Taïwan,Taiwán
TZ Tansania,Tanzanie|UA Ucrania,Ucraina|UG Ouganda
UM U.S. Outlying Islands,Amerikanische Überseeinseln,Îles mineures éloignées des États-Unis,Islas menores alejadas de EE. UU.,Isole Minori Esterne degli Stati Uniti
US Vereinigte Staaten,États-Unis,Estados Unidos,Stati Uniti,EE.UU.,EE. UU.,EEUU,Amerika
UZ Usbekistan,Ouzbékistan,Uzbekistán
VA Vatican City,Vatikanstadt,État de la Cité du Vatican,Ciudad del Vaticano,Città del Vaticano
VC St. Vincent & Grenadines,St. Vincent und die Grenadinen,Saint-Vincent-et-les Grenadines,San Vicente y las Granadinas,Saint Vincent e Grenadine
VG Britische Jungferninseln,Îles Vierges britanniques,Islas Vírgenes Británicas,Isole Vergini Britanniche
VI U.S. Virgin Islands,Amerikanische Jungferninseln,Îles Vierges des États-Unis,Islas Vírgenes de EE. UU.,Isole Vergini Americane
VN Viêt Nam|WF Wallis & Futuna,Wallis und Futuna,Wallis-et-Futuna,Wallis y Futuna,Wallis e Futuna|YE Jemen,Yémen
ZA Südafrika,Afrique du Sud,Sudáfrica,Sudafrica|ZM Sambia,Zambie|ZW Simbabwe,Zimbabue
"""
