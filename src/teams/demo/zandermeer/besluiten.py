"""What Zandermeer decides in two years: subjects, amounts, other parties, reasons. All made up."""

# power | how often | lowest and highest amount in euros, or nothing | subjects ~ between; {w} a street or neighbourhood, {p} the other party
TEKST = """
SUB-01 | 14 | 250 5000 | Subsidie voor {p} ~ Bijdrage buurtfeest {w} ~ Subsidie jeugdprogramma {p} ~ Bijdrage aan de open dag van {p} ~ Subsidie muziekles {w}
SUB-02 | 10 | 250 5000 | Vaststelling subsidie {p} ~ Vaststelling bijdrage buurtfeest {w} ~ Eindafrekening subsidie {p}
SUB-03 | 2 | 100 4000 | Subsidie {p} lager vastgesteld ~ Wijziging activiteiten {p}
SUB-04 | 4 | 0 0 | Weigering subsidie {p} ~ Weigering bijdrage {w}: plafond bereikt
INK-02 | 34 | 180 48000 | Onderhoud groen {w} ~ Herstel bestrating {w} ~ Vervangen lantaarnpalen {w} ~ Reparatie speeltoestel {w} ~ Levering werkkleding ~ Schilderwerk gymzaal {w} ~ Onderhoud pomp {w} ~ Huur kraanwagen {w} ~ Drukwerk bewonersbrief {w} ~ Zaalhuur inwonersavond {w}
INK-04 | 6 | 900 60000 | Verlenging contract met {p} ~ Opzegging contract met {p} ~ Optiejaar {p}
INK-05 | 1 | 20000 90000 | Raamovereenkomst met {p}
HRM-01 | 5 | 0 0 | Arbeidsovereenkomst na een vacature ~ Aanstelling in een andere rol ~ Vast contract na een tijdelijk jaar
HRM-09 | 4 | 0 0 | Nevenwerk: bestuurslid sportclub ~ Nevenwerk: les geven op een mbo ~ Nevenwerk: eigen webwinkel
HRM-10 | 7 | 90 4500 | Cursus projectmatig werken ~ Opleiding bestuursrecht ~ Training gesprekken voeren ~ Cursus bomen keuren
HRM-11 | 3 | 2500 9500 | Inhuur voor zes weken: balie ~ Inhuur bij ziekte: administratie
OMG-01 | 22 | 0 0 | Dakkapel {w} ~ Aanbouw {w} ~ Schuur {w} ~ Zonnepanelen op monument {w} ~ Verbouw winkel tot woning {w} ~ Plaatsen erfafscheiding {w}
OMG-02 | 6 | 0 0 | Aanvraag {w} buiten behandeling: tekening ontbreekt ~ Aanvraag {w} buiten behandeling: eigendom niet aangetoond
OMG-03 | 9 | 0 0 | Verlenging beslistermijn {w} ~ Termijn verlengd voor advies welstand {w}
OMG-05 | 2 | 0 0 | Maatwerk geluid bedrijf {w} ~ Maatwerk lozing {w}
OMG-06 | 7 | 0 0 | Kappen eik {w} ~ Kappen drie populieren {w} ~ Noodkap wilg {w} ~ Kappen kastanje met bloedingsziekte {w}
VKB-02 | 9 | 0 0 | Afzetting {w} voor werk aan het riool ~ Omleiding bij de kermis, {w} ~ Parkeerverbod {w} tijdens de markt
VKB-03 | 6 | 0 0 | Ontheffing voetgangersgebied {w} ~ Ontheffing laden en lossen {w}
KAB-01 | 6 | 0 0 | Instemming glasvezel {w} ~ Instemming kabel laadpaal {w}
APV-01 | 2 | 0 0 | Standplaats oliebollen {w} ~ Standplaats vis {w}
APV-02 | 6 | 0 0 | Container op de weg {w} ~ Steiger {w} ~ Terras {w}
APV-03 | 6 | 0 0 | Buurtfeest {w} ~ Braderie {w} ~ Avondvierdaagse, start {w} ~ Rommelmarkt {w}
APV-05 | 2 | 0 0 | Exploitatie eetcafé {w} ~ Exploitatie lunchroom {w}
APV-06 | 4 | 0 0 | Uitweg {w}
ALC-01 | 2 | 0 0 | Alcoholvergunning eetcafé {w}
ALC-02 | 3 | 0 0 | Schenken bij buurtfeest {w} ~ Schenken bij jubileum sportclub {w}
MAR-01 | 3 | 0 0 | Plek op de weekmarkt: kaas ~ Plek op de weekmarkt: bloemen ~ Plek op de weekmarkt: stoffen
HAN-02 | 9 | 0 0 | Waarschuwing afval naast container {w} ~ Waarschuwing hekwerk {w} ~ Waarschuwing geluid terras {w}
HAN-03 | 2 | 0 0 | Weghalen wrak {w} ~ Sluiten illegale bouw {w}
HAN-05 | 2 | 250 2500 | Inning dwangsom {w}
BEZ-03 | 4 | 0 0 | Termijn bezwaar verlengd: vergunning {w} ~ Termijn bezwaar verlengd: parkeerkaart
WOO-02 | 3 | 0 0 | Termijn Woo-verzoek verlengd: bomenkap {w} ~ Termijn Woo-verzoek verlengd: inkoop
KLA-01 | 4 | 0 0 | Klacht over wachttijd balie ~ Klacht over ophalen afval {w}
KIN-01 | 2 | 0 0 | Inschrijving gastouder {w} ~ Inschrijving kinderopvang {w}
LEG-01 | 8 | 35 1900 | Leges vergunning {w} ~ Leges evenement {w}
BEL-04 | 4 | 20 650 | Lagere aanslag {w}: fout in oppervlakte ~ Lagere aanslag: verhuisd
VAS-01 | 5 | 60 2200 | Verhuur zaal aan {p} ~ Verhuur gymzaal {w} aan {p}
WKP-01 | 4 | 0 0 | Inschrijving beperking {w} ~ Uitschrijving beperking {w}
BRP-01 | 10 | 0 0 |
PAS-01 | 12 | 0 0 | Paspoort verstrekt ~ Identiteitskaart verstrekt ~ Paspoort met spoed verstrekt
WMO-01 | 7 | 0 0 |
WMO-02 | 12 | 150 9500 |
JW-01 | 10 | 400 18000 |
PW-01 | 9 | 0 0 |
PW-06 | 4 | 150 6500 |
PW-07 | 8 | 45 1400 |
SHV-01 | 3 | 0 0 |
LVV-01 | 3 | 600 7000 |
HUI-01 | 2 | 0 0 |
"""
WAAR = """
Havenkade ~ Dorpsstraat ~ Kerkplein ~ Molenweg ~ Oranjelaan ~ Waterkant ~ Stationsweg ~ Lindenhof ~ Sluisdijk ~ Beatrixpark ~ Vogelbuurt
Zandweg ~ Meerdijk ~ Nieuwe Gracht ~ Veldzicht ~ Duinpad ~ Marktstraat ~ Eikenlaan ~ Rietland ~ Schoolpad ~ Polderweg ~ Zeewering
"""
WIE = """
Stichting Buurthuis De Brug ~ Muziekvereniging Harmonie ~ Sportclub Zandermeer ~ Dansschool Plié ~ Toneelgroep Het Doek ~ Scouting De Meeuwen
Oranjevereniging ~ Jeugdorkest Zandermeer ~ Stichting Speeltuin West ~ IJsvereniging Nooitgedacht ~ Volkstuin De Spade ~ Museum Het Gemaal
Boomverzorging Van Aalst ~ Aannemer De Wit ~ Hoveniers Groenrand ~ Drukkerij Letter ~ Schildersbedrijf Kwast ~ Installatie Noord
Kabelwerken Delta ~ Verhuur Kraan & Co ~ Speeltoestel Service ~ Zaalverhuur De Kade ~ Pompen Van Dijk ~ Straatmakers Oost ~ Lichtmast Beheer
Textiel voor Werk ~ Bureau Meetlat ~ Adviesbureau Oever ~ Catering Zilt ~ Reiniging Blauw ~ Bewaking Wacht ~ Kantoorhandel Punt
"""
REDEN = """
De aanvraag is volledig en past in de regeling. ~ Het past in het beleid en er is ruimte in het budget. ~ De stukken zijn beoordeeld; er is geen reden om te weigeren.
De prijs past bij vorig jaar. ~ Drie offertes gevraagd, dit was de beste. ~ Het advies is gevolgd. ~ De omgeving is ingelicht en er kwam geen reactie.
De voorwaarden staan in de bijlage bij de brief. ~ Vergelijkbare gevallen zijn zo behandeld. ~ Nodig om het werk op tijd te beginnen.
"""


def lines(text: str) -> list[str]:
    return [part.strip() for line in text.strip().split("\n") for part in line.split("~") if part.strip()]
