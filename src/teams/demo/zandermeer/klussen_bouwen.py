"""Klussen of the teams for permits, space, property and energy."""

TEKST = """
== VG
# Invoer oude bouwdossiers controleren: {straat} | Beheerder bouwarchief
> 4 2-8 12w | precies zaak bouw
De dossiers van {} zijn gescand. Je controleert of elke tekening bij het goede adres hangt. Je kiest zelf je uren.
# Evenementenkalender {jaar} vullen | Evenementenvergunner
> 2 3-5 5w | plan zaak leiden | APV-03
Organisatoren melden hun feesten. Je zet ze in de kalender en ziet waar het te druk wordt. De vergunner voert de
gesprekken.
# Vragenboom testen voor {dakkapellen/schuttingen/zonnepanelen/aanbouwen} | Intaker omgevingsplannen
> 3 2-3 4w | test bouw taal
Een vragenboom vertelt inwoners of zij voor {} een vergunning nodig hebben. Jij test hem met echte voorbeelden. Wat
fout gaat, schrijf je op.
# Monumenten fotograferen in {wijk} | Erfgoedadviseur
> 2 3-5 6w | foto buiten kaart
We hebben geen goede foto’s van de monumenten in {}. Je maakt er per pand drie. Eigenaren krijgen vooraf een brief van
ons.
# Standaardbrieven omgevingsvergunning korter | Casebehandelaar
> 3 3-4 7w | taal recht | OMG-01
Een besluit telt nu negen bladzijden. Je maakt met een jurist een eerste bladzijde die iedereen snapt. De rest wordt
bijlage.
# Omgevingstafel {seizoen}: verslag en planning | Intaker omgevingsplannen
> 2 3-4 10w | leiden plan bouw
Elke twee weken bespreken we nieuwe plannen met alle adviseurs. Jij plant en schrijft het verslag. Je leert zo alle
teams kennen.
# Achterstand meldingen wegwerken, {maand} | Bewaker termijnen
> 4 4-8 4w | zaak precies | OMG-01
Er liggen tachtig meldingen van kleine verbouwingen. Je controleert of alles erin zit. De vergunningverlener beslist.
# Leeg winkelpand wordt woning: proef | Bouwplantoetser
> 3 4-6 18w | bouw plan onderzoek | project
Vijf eigenaren willen van hun winkel een woning maken. Je zoekt met hen uit wat mag en wat het kost. We schrijven een
stappenplan voor de volgende vijftig.
# Brandveilig gebruik: bellen met {kinderopvang/hotels/verenigingen} | Adviseur brand en gebruik
> 2 3-4 4w | gesprek veilig zaak
Heeft iedereen de goede melding gedaan? Je belt {} en legt uit wat nodig is. Twijfel je, dan gaat de adviseur kijken.
== RW
# Bewonerswerkplaats {wijk} | Participatieleider ruimte
> 4 4-5 6w | leiden gesprek kaart
Bewoners van {} tekenen mee aan hun buurt. Je begeleidt een tafel en schrijft op wat mensen belangrijk vinden. Er zijn
drie avonden.
# Woonwensen ophalen bij {starters/ouderen/grote gezinnen/studenten} | Woonadviseur
> 4 3-4 6w | gesprek onderzoek
Wat voor huis zoeken {}? Je interviewt er zes thuis of in het buurthuis. Je uitwerking gaat naar de woonvisie.
# Kaart van lege plekken: {wijk} | Kaartenmaker ruimte
> 2 3-5 6w | kaart onderzoek buiten
Waar passen in {} nog tien woningen? Je zoekt lege plekken op de kaart en gaat kijken. De stedenbouwkundige schetst
daarna wat kan.
# Flexwoningen Oostpoort: buurt meenemen | Programmeur flexwonen
> 3 4-6 16w | gesprek taal plan | project
Er komen zestig tijdelijke woningen. Je maakt met de buurt afspraken over bouw en beheer. Je bent het gezicht bij de
inloop.
# Zienswijzen ordenen: {Kadeterrein/Westerzoom/centrumplan} | Planoloog
> 3 3-6 4w | recht precies taal
Op het plan {} kwamen veel reacties. Je ordent ze per onderwerp en vat ze samen. De planoloog schrijft de antwoorden.
# Welkom in je huis: inrichten voor statushouders, {maand} | Adviseur huisvesting vergunninghouders
> 4 5u | buiten gesprek | initiatief Stichting Welkom Thuis
Een gezin krijgt de sleutel. Je sjouwt meubels en legt uit hoe de kachel werkt. Vrijwilligers helpen mee.
# Urgentieregels uitleggen in een filmpje | Urgentieadviseur
> 2 3-4 5w | film taal
Veel mensen vragen urgentie aan en krijgen die niet. Je maakt een film van twee minuten die vooraf helpt. Een
woonconsulent speelt mee.
# Dorpsrand {Aldermeer/Zandhoek/Westerzoom} wandelen en tekenen | Landschapsontwerper
> 2 3-4 5w | natuur buiten kaart
Je wandelt met boeren en bewoners langs de rand van {}. Je noteert wat mooi is en wat stoort. Daarmee begint het
ontwerp.
== VA
# Sleutelplan {sporthallen/buurthuizen/scholen} | Verhuurder zalen
> 2 3-4 5w | precies buiten
Niemand weet wie een sleutel heeft van onze {}. Je loopt ze langs en maakt een lijst. Daarna vervangen we sloten waar
het moet.
# Energiemeters aflezen in {maand} | Verduurzamer gebouwen
> 3 3u | energie precies buiten
Twaalf gebouwen hebben nog een oude meter. Je rijdt een route en leest ze af. Zo zien we waar licht of warmte weglekt.
# Verhuizing {kunstuitleen/wijkpost Noord/archief Kade} begeleiden | Gebouwbeheerder
> 4 4-6 3w | plan buiten
We verhuizen {} naar een ander gebouw. Je plant de dagen en helpt uitpakken. De verhuizer tilt het zware werk.
# Leegstand oude school De Brug: tijdelijk gebruik zoeken | Vastgoedregisseur
> 3 3-5 14w | gesprek plan onderhandel | project, initiatief Broedplaats De Brug
Makers willen twee jaar in de school werken. Je zoekt uit wat veilig en betaalbaar is. Je maakt een overeenkomst samen
met de jurist.
# Reststroken grond in {wijk} bezoeken | Grondzaken
> 2 3-5 7w | kaart buiten gesprek
In {} gebruiken bewoners grond die van de gemeente is. Je gaat langs en legt uit wat kan: huren, kopen of teruggeven.
Het gesprek telt.
# Asbestregister naast de praktijk leggen, {seizoen} | Asbestcoördinator
> 2 3-5 6w | veilig precies bouw
Klopt het register met de gebouwen? Je loopt met de coördinator rond en kijkt mee. Je raakt niets aan.
# Pachtpercelen op de kaart | Pachtbeheerder
> 2 3-6 6w | kaart natuur precies
De contracten noemen percelen met oude namen. Je zoekt ze op en tekent de grens. Soms loop je mee met een boer.
# Grondexploitaties doorrekenen, ronde {jaar} | Planeconoom
> 2 4-6 6w | excel budget
Elk jaar actualiseren we acht projecten. Je voert de nieuwe cijfers in en zoekt verschillen uit. Je leert hoe een
project geld kost en oplevert.
== KE
# Hittekaart {jaar}: metingen en advies | Hitte en droogte
> 4 4-5 26w | kaart plan buiten | project
Je meet een halfjaar lang temperatuur op vijftig plekken. De metingen komen op een kaart. Aan het eind adviseer je
drie teams over koele plekken.
# Energiefixers werven in {wijk} | Energiecoach
> 3 3-4 6w | gesprek energie
Energiefixers plakken folie en stellen ketels in bij mensen thuis. Je zoekt er tien in {}. Je gaat langs bij kerken,
clubs en winkels.
# Warmtegesprek in {straat} | Warmteregisseur
> 4 3u | energie gesprek leiden
Bewoners van {} praten een avond over leven zonder gas. Je begeleidt een tafel van acht mensen. Je hoeft niet alles te
weten, vragen nemen we mee.
# Cijfers uitstoot {vorigjaar} verzamelen | Monitor uitstoot
> 2 3-4 6w | excel onderzoek energie
Je vraagt cijfers op bij bedrijven, netbeheerder en eigen teams. Je controleert of ze kloppen. Samen maken we het
jaarbeeld.
# Isolatieactie {vloeren/daken/ramen}: brieven en bellen | Energiecoach
> 3 2-4 5w | taal gesprek energie
We bieden huiseigenaren korting op {}. Je schrijft de brief en belt na. Wie wil, krijgt een gratis huisbezoek.
# Bouwmaterialen redden bij sloop van {het zwembad/de gymzaal/het oude gemeentehuis} | Circulair bouwen
> 3 3-6 4w | bouw foto precies
Voor de sloop van {} kijken we wat nog bruikbaar is. Je maakt een lijst met foto’s en maten. De buurt en onze eigen
teams mogen kiezen.
# Zonneweide van bewoners: meedenken | Adviseur zon en wind
> 2 3-5 14w | energie recht budget | project, uitdaagrecht Coöperatie Zanderzon
Een coöperatie wil zelf een zonneweide bouwen. Je zoekt met hen uit wat de gemeente overlaat en wat niet. Jullie
leggen het plan samen voor.
# Laadplekken beoordelen in {wijk} | Hitte en droogte
> 2 2-4 4w | energie kaart verkeer
Bewoners van {} vroegen om veertig laadpalen. Je kijkt per plek naar bomen, stoep en kabels. De verkeerskundige neemt
het besluit voor.
"""
