"""Klussen of the municipality's own team and the teams for money, law, people, ICT and communication."""

TEKST = """
== ZM
# Toekomstgesprekken {seizoen}: gespreksleiders | Strateeg samenleving
> 8 3u | leiden gesprek
Inwoners praten over Zandermeer in 2050. Je leidt een tafel en schrijft mee. Je hoeft geen antwoorden te hebben.
# Collegestukken van {maand} nalezen op taal | Bestuursadviseur
> 3 2-3 4w | taal recht
Je leest stukken voor ze naar het college gaan. Je streept jargon weg. De schrijver kiest zelf wat hij overneemt.
# Toezeggingen {vorigjaar} opruimen | Raadsadviseur
> 2 3-4 5w | precies zaak gesprek | raad lijst toezeggingen
Er staan negentig toezeggingen open. Je zoekt uit welke klaar zijn. De raad krijgt daarna een lijst die klopt.
# Raadsavond op {de Zandertoren/het Merencollege/de praktijkschool} | Griffier
> 4 3u | jongeren presenteren | raad
Leerlingen van {} spelen een raadsvergadering na. Je helpt een fractie met haar standpunt. Echte raadsleden kijken
mee.
# Nieuwe begeleiders opleiden, {seizoen} | Begeleider zelforganisatie
> 3 3-4 6w | coach leiden
Zes collega’s leren een roloverleg begeleiden. Je kijkt mee en geeft terug wat werkt. Je hebt zelf minstens tien keer
begeleid.
# Steekproef besluiten {jaar}: tweede lezer | Concerncontroller
> 2 3-5 4w | precies recht budget
De controller trekt 25 besluiten uit het logboek. Je leest ze als tweede en schrijft op wat je ziet. Eigen besluiten
sla je over.
# Regionale woonafspraken: onze inbreng | Regisseur samenwerking regio
> 3 3-5 14w | plan onderhandel onderzoek | project
Zes gemeenten maken afspraken over woningbouw. Je verzamelt onze cijfers en wensen. Je bereidt vier overleggen voor.
== FI
# Begroting {jaar} in plaatjes | Begroter
> 3 3-5 6w | taal excel presenteren | maand 8 9 10 11
Waar gaat het geld naartoe? Je maakt tien plaatjes die iedereen snapt. Ze gaan mee met de begroting.
# Oude tussenrekeningen leegmaken, {maand} | Beheerder administratie
> 2 3-5 4w | precies budget excel
Op tussenrekeningen staan posten van jaren terug. Je zoekt uit waar ze horen. Een puzzel met een goed gevoel aan het
eind.
# Facturen zonder opdracht opsporen, {seizoen} | Crediteuren
> 3 2-4 5w | precies inkoop budget
Een op de tien facturen heeft geen opdracht. Je belt teams en zoekt het nummer op. Wat vaak fout gaat, lossen we samen
op.
# Jaarrekening {vorigjaar}: dossiers voor de accountant | Jaarrekening
> 4 4-6 6w | precies budget zaak | maand 2 3 4 5
Je verzamelt bewijs bij cijfers die de accountant kiest. Elke map heeft een vaste volgorde. Je leert veel over hoe
geld loopt.
# Begroten met de buurt: proef in {Dorp Aldermeer/Molenwijk/De Rietlanden} | Adviseur financiën inwoners
> 3 4-5 18w | budget leiden gesprek | project, initiatief dorpsraad
Inwoners van {} kiezen waar een deel van het geld heen gaat. Je legt cijfers uit en leidt drie avonden. De raad heeft
hier ruimte voor gegeven.
# Kredieten buitenwerk nalopen {vorigjaar} | Adviseur financiën ruimte
> 2 3-4 5w | excel budget
Welke kredieten kunnen dicht? Je maakt met projectleiders een lijst. Wat overblijft, gaat terug naar de raad.
# Uitleg btw voor {projectleiders/scholen/sportclubs} | Fiscalist
> 2 2-3 4w | presenteren budget taal
Je maakt met de fiscalist een uitleg van één bladzijde voor {}. Daarna geef je samen een uur les. Vragen nemen we op
in de kennisbank.
== BL
# WOZ foto’s beoordelen: {wijk} | Taxateur
> 4 3-6 6w | precies bouw foto
Je vergelijkt foto’s van huizen in {} met onze gegevens. Staat er een uitbouw of een zwembad? De taxateur bepaalt de
waarde.
# Bezwaren WOZ voorbereiden, {jaar} | Taxateur
> 4 4-8 8w | recht precies bouw | LEG-01, maand 3 4 5
Je zoekt bij elk bezwaar drie vergelijkbare huizen. Je maakt een kort dossier. De heffingsambtenaar doet uitspraak.
# Kwijtschelding: aanvragen compleet maken in {maand} | Invordering
> 3 3-5 4w | sociaal precies balie
Veel aanvragen missen een papier. Je belt inwoners en helpt hen. De beslissing blijft bij de rol Invordering.
# Luchtfoto’s {jaar} vergelijken | Gegevensbeheerder gebouwen
> 3 2-6 8w | kaart precies bouw
Je legt twee luchtfoto’s over elkaar en tekent wat nieuw is. Je werkt waar en wanneer je wilt. Een handleiding ligt
klaar.
# Aanslagbiljet dat je begrijpt | Belastingtelefoon
> 3 3-4 12w | taal test balie | project
De helft van de telefoontjes gaat over het biljet zelf. Je maakt met drukker en testpanel een nieuw ontwerp. Het moet
voor de jaarwisseling klaar zijn.
# Rekenhulp kosten van {rioolheffing/afvalheffing/leges} | Tariefrekenaar
> 2 2-4 5w | excel budget
Wat kost het echt, en wie betaalt wat? Je bouwt een rekenblad voor {}. De controle doet een collega van Financiën.
# Vakantieverhuurders bezoeken langs {de kade/het meer/de dorpen} | Toeristenbelasting
> 2 3-4 4w | gesprek precies
Je legt verhuurders langs {} uit hoe aangifte werkt. Meestal is een kop koffie genoeg. Bijzonderheden geef je door.
== IC
# Contracten inlezen: {zorg/ICT/buitenwerk/gebouwen} | Contractbeheerder
> 3 3-6 7w | precies inkoop recht
Contracten voor {} staan nog in mappen. Je leest einddatum en prijs en zet ze in het register. Zo loopt er niets
ongemerkt af.
# Offertes vergelijken voor {bureaustoelen/werkkleding/drukwerk/lunches} | Bestelpunt
> 3 2-3 3w | inkoop budget | INK-02
Je vergelijkt drie offertes voor {} op prijs en gebruik. Collega’s mogen proberen. De budgethouder kiest.
# Lokale bedrijven wijzer maken over aanbesteden, {seizoen} | Inkoop met impact
> 3 3u | inkoop presenteren
Kleine bedrijven denken dat wij te moeilijk zijn. Je helpt op een avond met vragen. Voorkennis krijg je een week
eerder.
# Inhuur vervangen door klussen | Inkoopadviseur
> 4 4-6 18w | onderzoek inkoop budget | project
We huren voor veel geld mensen in. Je zoekt per opdracht uit of een collega het kan. Elke maand laten we zien wat het
oplevert.
# Aanbesteding schoonmaak: proefpanel {Noord/Zuid/centrum} | Aanbestedingsleider
> 4 2-3 4w | inkoop precies | INK-02
Je beoordeelt in {} vier schoonmaakbedrijven op een vaste lijst. Je werkt zonder namen. Je oordeel telt voor veertig
procent.
== JZ
# Hoorzittingen {maand}: verslag maken | Secretaris bezwaarcommissie
> 2 3-4 4w | taal recht precies
Je maakt het verslag van vier zittingen. Een jurist leest mee. Je leert hoe een bezwaar loopt.
# Verzoek om informatie: stukken zoeken over {windmolens/het centrumplan/de kermis} | Adviseur open overheid
> 4 3-6 4w | zaak precies recht
Iemand vroeg alle stukken over {}. Je zoekt mee en haalt dubbele eruit. Lakken doet de adviseur.
# Mandaatregister naast de rollen leggen, {seizoen} | Mandaatjurist
> 3 3-5 6w | recht precies
Klopt bij elke rol wat zij mag besluiten? Je vergelijkt register en roltekst. Verschillen gaan naar het team en de
secretaris.
# Verwerkersovereenkomsten nalopen {jaar} | Functionaris gegevensbescherming
> 2 3-4 8w | recht precies
Met wie delen we persoonsgegevens, en klopt het papier? Je belt leveranciers en vult een lijst. De functionaris
beoordeelt.
# Schadedossiers {gladde stoepen/boomwortels/putdeksels} bundelen | Verzekeringen en schade
> 2 2-4 5w | onderzoek kaart precies
Je zet alle schades door {} op de kaart. Waar gaat het vaker mis? Het team dat erover gaat, krijgt jouw lijst.
# Modelcontracten in gewone taal | Jurist privaatrecht
> 3 3-5 14w | recht taal test | project
Onze contracten zijn voor juristen geschreven. Je herschrijft er zes, met iemand die ze moet tekenen. De jurist
bewaakt wat niet weg mag.
== HR
# Welkomstdag nieuwe collega’s, {seizoen} | Werver
> 4 5u | leiden presenteren
Je neemt zes nieuwe collega’s een dag mee. Je laat twee teams en een plek buiten zien. Lunch met het college hoort
erbij.
# Werkplekken nalopen: {gemeentehuis/gemeentewerf/wijkposten} | Preventiemedewerker
> 3 3-4 5w | veilig gesprek
Je kijkt met collega’s op {} naar stoel, licht en lawaai. Kleine dingen lossen we meteen op. De rest komt in het plan.
# Snuffelweek {seizoen} organiseren | Loopbaanbegeleider
> 3 3-4 5w | plan leiden
Collega’s lopen een dag mee in een ander team. Je koppelt vraag en aanbod. Vorig jaar deden er zestig mee.
# Klussenbank {seizoen}: teams op weg helpen | Klussenbankbeheerder
> 3 2-4 6w | coach taal
Sommige teams plaatsen nooit een klus. Je gaat langs en schrijft er samen een. Vier vragen, een minuut.
# Leeraanbod schoonmaken | Leerregisseur
> 2 3-4 6w | onderzoek web
In het leeraanbod staan tweehonderd cursussen. Je zoekt uit welke mensen echt helpen. De rest gaat eruit.
# Functieboek wordt rollenboek | Adviseur arbeidsvoorwaarden
> 3 4-6 20w | recht taal plan | project
Oude functies passen niet meer bij rollen. Je maakt een proef voor vijf teams. De ondernemingsraad denkt vanaf het
begin mee.
# Verzuimcijfers {vorigjaar} uitleggen zonder namen | Verzuimregisseur
> 2 2-3 4w | excel taal
Je maakt van cijfers een verhaal per cluster. Groepen onder de tien mensen laat je weg. Teams praten er daarna zelf
over.
== ID
# Testers gevraagd: {zaaksysteem/telefooncentrale/vergadersysteem/personeelssysteem} | Beheerder zaaksysteem
> 5 2-4 3w | test zaak precies
Er komt een nieuwe versie van het {}. Je loopt een lijst met stappen na en schrijft op wat fout gaat. Je krijgt een
eigen testomgeving.
# Werkplekken uitrollen, {maand} | Servicedesk
> 4 4-6 4w | test balie coach
Driehonderd laptops worden vervangen. Je helpt collega’s met inloggen en overzetten. Na een week kun je het dromen.
# Drone boven {het meer/de dijk/het Kadeterrein}: beelden verwerken | Kaartbeheerder
> 2 3-5 5w | kaart foto
De drone maakt duizend foto’s van {}. Je plakt ze aan elkaar tot een kaart. Software en uitleg krijg je.
# Nepmail herkennen: rondje langs teams, {seizoen} | Informatiebeveiliger
> 3 2-3 5w | presenteren coach
Een op de vijf klikt. Je gaat bij teams langs met een kwartier uitleg. Niemand wordt genoemd, iedereen leert.
# Netwerkschijven opruimen: {vorigjaar} | Archivaris
> 4 2-4 8w | precies zaak
Op de oude schijven staat alles vijf keer. Je helpt teams kiezen wat blijft. De archivaris bewaakt wat bewaard moet
blijven.
# Dashboard meldingen openbare ruimte | Data-analist
> 3 4-6 14w | excel kaart onderzoek | project
Waar bellen mensen over, en hoe snel lossen we het op? Je maakt met vier teams een dashboard. We beginnen met één
wijk.
# Algoritmes opsporen bij {Inkomen/Belastingen/Toezicht/Jeugd} | Algoritmeregistrar
> 2 2-4 5w | onderzoek recht
Welke rekenregels gebruikt {}? Je interviewt drie rollen en vult het register. Inwoners kunnen het daarna lezen.
# Beeld en geluid raadzaal vernieuwen | Netwerkbeheerder
> 2 3-5 10w | film test inkoop | INK-02
Op de tribune hoor je niets. Je zoekt met de griffie een oplossing en test die. De leverancier bouwt in de vakantie.
== CO
# Website toegankelijk maken: {formulieren/nieuws/kaarten/pdf’s} | Webredacteur
> 2 3-4 8w | taal web test
Niet iedereen kan onze {} lezen met een schermlezer. Je loopt ze na en past aan. Een blinde inwoner test mee.
# Schrijfhulp voor {bezwaarbrieven/vergunningen/belastingbrieven/zorgbrieven} | Taalcoach
> 3 2-4 6w | taal coach
Je herschrijft {} samen met de mensen die ze versturen. Na zes weken kunnen zij het zelf. De taalcoach leert je de
methode.
# Fotograaf gezocht: {seizoen} in beeld | Beeldmaker
> 3 3-4 5w | foto buiten
Onze beeldbank heeft vooral zon. Je maakt foto’s van gewone dagen en vraagt mensen toestemming. Je eigen camera mag,
die van ons ook.
# Filmpjes met collega’s over {hun rol/een klus/hun eerste jaar} | Interne redacteur
> 2 3-5 6w | film gesprek
Je filmt zes collega’s over {}. Twee minuten per film, niet mooier dan het is. Monteren leer je van ons.
# Buurtbrief {wijk}: schrijven en bezorgen | Communicatieadviseur projecten
> 3 2-3 3w | taal buiten
Je maakt met de projectleider een brief voor {}. Daarna breng je hem met collega’s rond. Aan de deur hoor je wat
mensen vinden.
# Inwonerspanel werven | Taalcoach
> 3 3-4 12w | gesprek onderzoek leiden | project
Zestig inwoners gaan onze teksten testen. Je zoekt mensen die wij nu niet spreken. Je maakt afspraken over tijd en
dank.
# Crisisberichten klaarzetten, {seizoen} | Crisiscommunicatie
> 2 2-3 4w | taal web veilig
Bij nood heb je geen tijd om te schrijven. Je maakt twintig berichten vooraf, in drie talen. Een collega van Orde en
Crisis leest mee.
"""
