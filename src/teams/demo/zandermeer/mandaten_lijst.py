"""The powers of Zandermeer: what the law lets its organs decide. `[K]`: the article has still to be checked."""

# code | title | organs | kind (b besluit, p privaatrecht, f feitelijk) | legal bases, + between | words people use | options
#
# Options: nee BRON (not to be mandated), aan PARTIES BRON, basis WORD, ogen AMOUNT, vast WORD, geheim, vraagt WORDS, bijzonder WORD, wet (external by law).
TEKST = """
HRM-01 | Arbeidsovereenkomst aangaan | college+burgemeester | p | Gemeentewet 160 lid 1 onder d [K] + BW 7:610 [K] | aanstellen benoemen aannemen vacature contract nieuwe collega | vraagt belang
HRM-02 | Vakantie en gewoon verlof toekennen | college+burgemeester | p | BW 7:638 [K] + Cao Gemeenten [K] | vrij vrije dag verlof vakantie | vast niet; vraagt belang
HRM-03 | Bijzonder verlof en zorgverlof toekennen | college+burgemeester | p | Wet arbeid en zorg [K] + Cao Gemeenten [K] | calamiteit zorgverlof ouderschapsverlof onbetaald verlof | vraagt belang; geheim
HRM-04 | Besluiten bij ziekte: re-integratie en loon | college+burgemeester | p | BW 7:629 [K] + BW 7:658a [K] | ziek verzuim ziekmelding re-integratie loondoorbetaling | geheim
HRM-05 | Een medewerker schorsen of op non-actief stellen | college+burgemeester | p | BW 7:611 [K] + Cao Gemeenten [K] | schorsing non-actief maatregel | geheim; ogen altijd; vraagt belang,gevoelig
HRM-06 | Een arbeidsovereenkomst beëindigen | college+burgemeester | p | BW 7:669 [K] + BW 7:671 [K] | ontslag uit dienst vaststellingsovereenkomst | geheim; ogen altijd; vraagt belang,gevoelig
HRM-07 | Salaris en toelage vaststellen | college+burgemeester | p | Cao Gemeenten [K] | loon schaal toelage inschalen gratificatie | geheim; basis per_jaar
HRM-08 | Onkosten en reiskosten vergoeden | college+burgemeester | p | Cao Gemeenten [K] | declaratie bonnetje reiskosten onkosten declareren | vast niet; vraagt belang
HRM-09 | Nevenwerk toestaan of verbieden | college+burgemeester | p | Ambtenarenwet 2017 8 [K] | nevenfunctie bijbaan nevenwerkzaamheden | vraagt belang
HRM-10 | Opleiding en loopbaanbudget toekennen | college+burgemeester | p | Cao Gemeenten [K] | cursus studie opleiding training | vraagt belang; basis per_jaar
HRM-11 | Tijdelijk personeel inhuren | college+burgemeester | p | Gemeentewet 160 lid 1 onder d [K] + Gemeentewet 171 lid 2 | uitzendkracht zzp inhuur detachering | basis totale_waarde
INK-01 | Kleine bestellingen doen | college+burgemeester | p | Gemeentewet 160 lid 1 onder d + Gemeentewet 171 lid 2 + BW 3:60 | bestellen kantoorartikelen lunch materiaal bon | basis excl_btw; vast niet
INK-02 | Opdracht geven voor goederen en diensten | college+burgemeester | p | Gemeentewet 160 lid 1 onder d + Gemeentewet 171 lid 2 + BW 3:60 | inkoop opdracht offerte leverancier boomonderhoud contract | basis totale_waarde
INK-03 | Een aanbesteding beginnen en gunnen | college+burgemeester | p | Gemeentewet 160 lid 1 onder d + Gemeentewet 171 lid 2 + Aanbestedingswet 2012 [K] | aanbesteden gunning inschrijving Europees | basis totale_waarde; ogen altijd; vraagt belang
INK-04 | Een contract verlengen of opzeggen | college+burgemeester | p | Gemeentewet 160 lid 1 onder d + Gemeentewet 171 lid 2 | contract verlengen optie opzeggen | basis totale_waarde
INK-05 | Een raamovereenkomst sluiten | college+burgemeester | p | Gemeentewet 160 lid 1 onder d + Gemeentewet 171 lid 2 + Aanbestedingswet 2012 [K] | raamcontract mantelovereenkomst | basis totale_waarde; ogen altijd
FIN-01 | Een factuur betaalbaar stellen | college | f | Gemeentewet 212 [K] | factuur betalen rekening betaling | vast uit_zaaksysteem
FIN-02 | Een geldlening aangaan of uitzetten | college+burgemeester | p | Wet financiering decentrale overheden [K] + Gemeentewet 160 lid 1 onder d | lening schatkist bank krediet | ogen altijd; vraagt gevoelig
FIN-03 | Een vordering oninbaar verklaren | college+burgemeester | p | Gemeentewet 212 [K] | afboeken oninbaar debiteur | basis per_zaak
SUB-01 | Subsidie verlenen | college | b | Awb 4:23 [K] + Algemene subsidieverordening Zandermeer [K] | subsidie dansschool vereniging buurtfeest bijdrage muziek sportclub | basis per_besluit
SUB-02 | Subsidie vaststellen | college | b | Awb 4:46 [K] | subsidie verantwoording eindafrekening vaststelling |
SUB-03 | Subsidie wijzigen of intrekken | college | b | Awb 4:48 [K] + Awb 4:49 [K] | subsidie intrekken verlagen |
SUB-04 | Subsidie weigeren | college | b | Awb 4:25 [K] + Awb 4:35 [K] | subsidie afwijzen plafond |
SUB-05 | Subsidie terugvorderen | college | b | Awb 4:57 [K] | subsidie terugbetalen |
OMG-01 | Omgevingsvergunning verlenen, gewone procedure | college | b | Omgevingswet 5.1 [K] + Omgevingswet 5.8 [K] | bouwen verbouwen dakkapel schuur vergunning | vast uit_zaaksysteem
OMG-02 | Een aanvraag buiten behandeling laten | college | b | Awb 4:5 [K] | onvolledige aanvraag stukken ontbreken | vast uit_zaaksysteem
OMG-03 | De beslistermijn verlengen | college | b | Omgevingswet 16.64 [K] | termijn verdagen uitstel | vast uit_zaaksysteem
OMG-04 | Afwijken van het omgevingsplan | college | b | Omgevingswet 5.1 [K] | afwijking buitenplans bopa | vraagt gevoelig
OMG-05 | Maatwerkvoorschriften voor milieu stellen | college | b | Omgevingswet 4.5 [K] | milieu bedrijf geluid lozing |
OMG-06 | Een boom laten kappen: omgevingsvergunning | college | b | Omgevingswet 5.1 [K] + APV Zandermeer 4:11 [K] | kap kapvergunning boom vellen noodkap |
OMG-07 | Een wijziging van het omgevingsplan vaststellen | raad | b | Omgevingswet 2.4 [K] | omgevingsplan bestemmingsplan | nee Awb 10:3 lid 2; bijzonder algemeen_voorschrift
NAD-01 | Nadeelcompensatie toekennen | college | b | Omgevingswet 15.1 [K] | planschade schade compensatie nadeel |
AFD-01 | Beslissen na een uitgebreide procedure met zienswijzen | college | b | Awb 3.4 [K] | zienswijze ontwerpbesluit inspraak |
WKP-01 | Beperkingen op grond inschrijven en uitschrijven | college | b | Wkpb [K] | kadaster beperking monument inschrijven | vast reeks
WEG-01 | Een weg aan het openbaar verkeer onttrekken | raad | b | Wegenwet 9 [K] | weg afsluiten onttrekken pad |
VKB-01 | Een verkeersbesluit nemen | college | b | Wegenverkeerswet 1994 18 [K] | bord eenrichting parkeerverbod zone dertig |
VKB-02 | Een tijdelijke verkeersmaatregel nemen | college | b | BABW 34 [K] | afzetting wegwerk omleiding | vast reeks
VKB-03 | Ontheffing van verkeersregels verlenen | college | b | RVV 1990 87 [K] | ontheffing voetgangersgebied inrijden laden lossen | vast uit_zaaksysteem
VKB-04 | Gehandicaptenparkeerkaart verlenen | college | b | BABW 49 [K] | invalide parkeerkaart gehandicapt | vast uit_zaaksysteem; geheim
KAB-01 | Instemmen met het leggen van kabels | college | b | Telecommunicatiewet 5.4 [K] | kabel glasvezel graven sleuf | vast uit_zaaksysteem
APV-01 | Een standplaats buiten de markt toestaan | college | b | APV Zandermeer 5:18 [K] | oliebollen viskraam standplaats |
APV-02 | Voorwerpen op de weg toestaan | college | b | APV Zandermeer 2:10 [K] | container steiger terras bouwplaats |
APV-03 | Evenementenvergunning verlenen, soort A en B | burgemeester | b | APV Zandermeer 2:25 [K] + Gemeentewet 174 [K] | evenement feest buurtfeest markt festival braderie |
APV-04 | Evenementenvergunning verlenen, soort C | burgemeester | b | APV Zandermeer 2:25 [K] + Gemeentewet 174 [K] | groot evenement festival concert | vraagt gevoelig
APV-05 | Exploitatievergunning voor horeca verlenen | burgemeester | b | APV Zandermeer 2:28 [K] + Gemeentewet 174 [K] | café restaurant terras horeca |
APV-06 | Een uitweg toestaan | college | b | APV Zandermeer 2:12 [K] | inrit oprit uitrit |
ALC-01 | Alcoholvergunning verlenen | burgemeester | b | Alcoholwet 3 [K] | drankvergunning slijter café |
ALC-02 | Ontheffing om alcohol te schenken bij een evenement | burgemeester | b | Alcoholwet 35 [K] | tap schenken bierfeest |
MAR-01 | Een plek op de weekmarkt toewijzen | college | b | Marktverordening Zandermeer [K] | markt kraam standhouder |
WMO-01 | Een onderzoek naar hulp afronden | college | b | Wmo 2015 2.3.2 [K] | keukentafelgesprek melding onderzoek | vast uit_zaaksysteem; geheim
WMO-02 | Maatwerkvoorziening toekennen | college | b | Wmo 2015 2.3.5 [K] | rolstoel scootmobiel huishoudelijke hulp woningaanpassing traplift | basis per_jaar; vast uit_zaaksysteem; geheim
WMO-03 | Persoonsgebonden budget toekennen | college | b | Wmo 2015 2.3.6 [K] | pgb persoonsgebonden budget | basis per_jaar; vast uit_zaaksysteem; geheim
WMO-04 | Een voorziening herzien of intrekken | college | b | Wmo 2015 2.3.10 [K] | stoppen hulp intrekken herzien | geheim
JW-01 | Jeugdhulp toekennen | college | b | Jeugdwet 2.3 [K] | jeugdhulp gezin begeleiding therapie kind | basis per_jaar; vast uit_zaaksysteem; geheim
JW-02 | Persoonsgebonden budget voor jeugdhulp toekennen | college | b | Jeugdwet 8.1.1 [K] | pgb jeugd | basis per_jaar; geheim
PW-01 | Bijstand toekennen | college | b | Participatiewet 7 [K] | uitkering bijstand aanvraag inkomen | vast uit_zaaksysteem; geheim
PW-02 | Bijstand herzien of intrekken | college | b | Participatiewet 54 [K] | uitkering stoppen intrekken | geheim
PW-03 | Bijstand terugvorderen | college | b | Participatiewet 58 [K] | terugbetalen schuld uitkering | geheim
PW-04 | Bijstand verlagen | college | b | Participatiewet 18 [K] | maatregel korten verlaging | geheim
PW-05 | Boete opleggen om een uitkering | college | b | Participatiewet 18a [K] + Awb 5:53 [K] | boete inlichtingenplicht fraude | geheim
PW-06 | Hulp naar werk toekennen | college | b | Participatiewet 10 [K] | re-integratie scholing proefplaatsing loonkostensubsidie | basis per_jaar; geheim
PW-07 | Bijzondere bijstand toekennen | college | b | Participatiewet 35 [K] | bijzondere bijstand koelkast bril wasmachine energietoeslag | aan functie:gemeentesecretaris,rol:IN/Consulent bijzondere bijstand,rol:IN/Minimaregisseur Participatiewet 7 lid 4 [K]; vast uit_zaaksysteem; geheim
PW-08 | Bijzondere bijstand als lening geven | college | b | Participatiewet 35 [K] + Participatiewet 48 [K] | leenbijstand lening inrichting | ogen altijd; geheim
SHV-01 | Toelaten tot schuldhulp | college | b | Wet gemeentelijke schuldhulpverlening 4a [K] | schulden schuldhulp plan | geheim
BRP-01 | Gegevens in de basisregistratie wijzigen | college | b | Wet BRP 2.22 [K] | verhuizing adres inschrijven uitschrijven | vast uit_zaaksysteem; geheim
BRP-02 | Een boete opleggen om een verkeerd adres | college | b | Wet BRP 4.17 [K] + Awb 5:53 [K] | adresfraude boete |
PAS-01 | Reisdocumenten verstrekken | burgemeester | b | Paspoortwet 40 [K] | paspoort identiteitskaart | vast uit_zaaksysteem
PAS-02 | Rijbewijzen afgeven | burgemeester | b | Wegenverkeerswet 1994 116 [K] | rijbewijs | vast uit_zaaksysteem
NAT-01 | Adviseren over naturalisatie | burgemeester | f | Rijkswet op het Nederlanderschap [K] | Nederlander worden naturalisatie | geheim
BST-01 | Een trouwambtenaar voor één dag benoemen | college | b | BW 1:16 [K] | trouwen babs buitengewoon ambtenaar |
HAN-01 | Toezichthouders aanwijzen | college | b | Awb 5:11 [K] | boa toezichthouder aanwijzen |
HAN-02 | Een waarschuwing geven | college | f | Gemeentewet 125 [K] | waarschuwing brief |
HAN-03 | Last onder bestuursdwang opleggen | college | b | Gemeentewet 125 [K] + Awb 5:21 [K] | bestuursdwang weghalen sluiten slopen | vraagt rapporteur
HAN-04 | Last onder dwangsom opleggen | college | b | Gemeentewet 125 [K] + Awb 5:32 [K] | dwangsom overtreding handhaving | vraagt rapporteur
HAN-05 | Een dwangsom innen | college | b | Awb 5:37 [K] | invorderen dwangsom innen | vraagt rapporteur
HAN-06 | Een overtreding gedogen | college | b | Gemeentewet 125 [K] | gedogen gedoogbesluit | vraagt gevoelig
BOE-01 | Boete opleggen onder de Alcoholwet | burgemeester | b | Alcoholwet 44a [K] + Awb 5:53 [K] | boete alcohol minderjarige kroeg |
LEG-01 | Leges opleggen | heffingsambtenaar | b | Gemeentewet 229 [K] + Gemeentewet 231 [K] | leges rekening vergunning kosten | vast reeks
BEL-01 | Aanslag gemeentelijke belastingen opleggen | heffingsambtenaar | b | Gemeentewet 231 [K] | ozb aanslag rioolheffing afvalstoffenheffing | vast reeks
BEL-02 | De waarde van een woning vaststellen | heffingsambtenaar | b | Wet WOZ 22 [K] | woz waarde taxatie huis | vast reeks
BEL-03 | Uitspraak doen op een bezwaar over belasting | heffingsambtenaar | b | Gemeentewet 231 [K] + Awb 7:11 [K] | bezwaar woz aanslag |
BEL-04 | Een aanslag ambtshalve verlagen | heffingsambtenaar | b | Awr 65 [K] | vermindering aanslag fout |
LPA-01 | Vrijstelling van de leerplicht beoordelen | leerplichtambtenaar | b | Leerplichtwet 1969 [K] | leerplicht vrijstelling school | geheim
LPA-02 | Verlof buiten de schoolvakantie geven | leerplichtambtenaar | b | Leerplichtwet 1969 14 [K] | luxe verzuim vakantie school | geheim
LVV-01 | Leerlingenvervoer toekennen | college | b | Wpo 4 [K] | schoolbus taxi leerling | basis per_jaar; vast uit_zaaksysteem; geheim
KIN-01 | Kinderopvang inschrijven in het register | college | b | Wet kinderopvang 1.46 [K] | kinderopvang gastouder crèche |
HUI-01 | Voorrang op een woning geven | college | b | Huisvestingswet 2014 12 [K] | urgentie urgentieverklaring woning | geheim
BEZ-01 | Beslissen op een bezwaarschrift | college | b | Awb 7:11 [K] | bezwaar beslissing op bezwaar heroverwegen |
BEZ-02 | Een bezwaar ongegrond verklaren volgens het advies | college | b | Awb 7:12 [K] | bezwaar ongegrond niet-ontvankelijk advies commissie |
BEZ-03 | De termijn voor een bezwaar verlengen | college | b | Awb 7:10 [K] | bezwaar uitstel termijn |
PRO-01 | De gemeente vertegenwoordigen bij de rechter | college | f | Awb 8:24 [K] | zitting rechtbank proces procedure verweer |
PRO-02 | Hoger beroep instellen | college | b | Awb 8:104 [K] | hoger beroep Raad van State |  vraagt gevoelig
KLA-01 | Een klacht afhandelen | college | f | Awb 9:4 [K] + Awb 9:7 [K] | klacht klager gedrag |
WOO-01 | Beslissen op een Woo-verzoek | college | b | Wet open overheid 4.1 [K] | woo wob openbaar documenten | vraagt gevoelig
WOO-02 | De termijn van een Woo-verzoek verlengen | college | b | Wet open overheid 4.4 [K] | woo termijn uitstel |
AVG-01 | Beslissen op een verzoek om inzage | college | b | AVG 15 [K] | privacy inzage persoonsgegevens | geheim
AVG-02 | Een datalek melden | college | f | AVG 33 [K] | datalek privacy melding | geheim
AVG-03 | Een verwerkersovereenkomst sluiten | college+burgemeester | p | AVG 28 [K] + Gemeentewet 171 lid 2 | verwerker privacy leverancier |
ARC-01 | Archief laten vernietigen | college | f | Archiefwet 1995 5 [K] | vernietigen archief dossiers |
GEB-01 | De toegang tot gemeentelijke gebouwen ontzeggen | college | b | Huisregels gemeentelijke gebouwen [K] | toegang ontzeggen verbod stadhuis agressie |
MAN-01 | Mandaten van medewerkers intrekken | college | b | Awb 10:8 | mandaat intrekken |
GRI-01 | Contracten sluiten voor de griffie | college+burgemeester | p | Gemeentewet 160 + Gemeentewet 168 [K] + Gemeentewet 171 lid 2 | griffie raad inkoop | basis excl_btw
RAA-01 | Een verordening vaststellen | raad | b | Gemeentewet 147 [K] | verordening regels | nee Awb 10:3 lid 2; bijzonder algemeen_voorschrift
RAA-02 | De begroting vaststellen | raad | b | Gemeentewet 189 [K] | begroting budgetrecht | nee Gemeentewet 156
RAA-03 | Besluiten over medewerkers van de griffie | raad | b | Gemeentewet 107e [K] | griffie personeel verlof |
VAS-01 | Ruimte verhuren en in gebruik geven | college+burgemeester | p | Gemeentewet 160 lid 1 onder d + BW 7:201 [K] | huur zaal sporthal verhuur | basis per_jaar
VAS-02 | Grond en gebouwen kopen of verkopen | college+burgemeester | p | Gemeentewet 160 lid 1 onder d + Gemeentewet 171 lid 2 + BW 7:1 [K] | grond kavel koop verkoop snippergroen | basis totale_waarde; vraagt belang
VAS-03 | Grond verpachten | college+burgemeester | p | BW 7:311 [K] + Gemeentewet 171 lid 2 | pacht land boer | basis per_jaar
VZK-01 | Een schadeclaim van een inwoner afhandelen | college+burgemeester | p | BW 6:162 [K] + Gemeentewet 171 lid 2 | schade aansprakelijk stoeptegel boomtak | basis per_zaak
GRA-01 | Een graf uitgeven of verlengen | college | b | Wet op de lijkbezorging [K] | graf begraafplaats grafrecht |
OOV-01 | Gebiedsverbod opleggen | burgemeester | b | Gemeentewet 172a [K] | gebiedsverbod overlast hooligan | nee Gemeentewet 177 lid 2 [K]
OOV-02 | Noodbevel geven | burgemeester | b | Gemeentewet 175 [K] | noodbevel noodtoestand | nee Gemeentewet 177 lid 2 [K]
OOV-03 | Een woning sluiten | burgemeester | b | Gemeentewet 174a [K] | woning sluiten overlast drugs | nee Gemeentewet 177 lid 2 [K]
OOV-04 | Tijdelijk huisverbod opleggen | burgemeester | b | Wet tijdelijk huisverbod 2 [K] + Wet tijdelijk huisverbod 3 [K] | huisverbod huiselijk geweld | aan extern:Hulpofficier van justitie Wet tijdelijk huisverbod 3 [K]; wet; geheim
"""
