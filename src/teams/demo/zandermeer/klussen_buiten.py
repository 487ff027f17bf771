"""Klussen of the teams that work outside: green, roads, waste and enforcement."""

TEKST = """
== GW
# Schouw van 40 speelplekken | Speelplekbeheerder
> 3 4-6 8w | buiten veilig kaart foto
Loop met een collega alle speelplekken langs. Kijk of ze veilig zijn en of kinderen er graag komen. Elke week bezoek
je er vijf. Aan het eind schrijven jullie samen een advies van twee bladzijden.
# Bomen planten met groep 7 in {wijk} | Boombeheerder
> 3 4u | buiten jongeren natuur | maand 11 12 1 2 3
Je plant met 28 kinderen twaalf bomen in {}. Wij regelen gaten, bomen en scheppen. Trek oude kleren aan.
# Bomenlijst op de kaart zetten: {wijk} | Boombeheerder
> 2 3-6 7w | kaart natuur precies
De bomen in {} staan op een lijst, maar niet op de kaart. Je loopt met een tablet door de straten en prikt elke boom.
Een boombeheerder leert je de soorten.
# Vijvers bemonsteren, {seizoen} | Waterbeheerder
> 2 3-4 6w | water buiten precies | maand 5 6 7 8 9
Je neemt elke week monsters uit zes vijvers. Het waterschap onderzoekt ze. Zien we blauwalg, dan zetten we dezelfde
dag borden.
# Vlinders en bijen tellen, {seizoen} | Wijkschouwer
> 6 2-3 5w | natuur buiten foto | maand 4 5 6 7 8 9
Je telt op vaste plekken een kwartier lang alles wat vliegt. De app herkent de soort. Met de cijfers passen we het
maaien aan.
# Geveltuindag in {wijk} | Begeleider groene buurten
> 5 5u | buiten gesprek | initiatief bewonersgroep Groene Stoep, maand 3 4 5 6 9 10
Bewoners van {} halen tegels uit de stoep en zetten er planten in. Jij helpt met gereedschap en uitleg. De
bewonersgroep zorgt voor soep.
# Noodkap na de storm van {maand} | Werkvoorbereider
> 4 4-8 2w | buiten veilig plan | INK-02
De storm liet veel losse takken achter. Je loopt straten na en zet gevaarlijke plekken af met lint. Opdracht geven
doet de boombeheerder.
# Park {Lindepark/Meerpark/Stationspark/Oosterpark} samen opnieuw ontwerpen | Begeleider groene buurten
> 3 4-6 22w | leiden natuur plan | project, initiatief wijkraad
Bewoners willen een park waar je ook in de winter komt. Je organiseert drie avonden en een wandeling. De ontwerper
tekent, de buurt kiest.
# Duikers nalopen voor de herfst van {jaar} | Waterbeheerder
> 3 4-6 4w | water buiten kaart | maand 8 9 10
Verstopte duikers geven natte kelders. Je loopt met een collega alle duikers na. Wat dichtzit, zet je op de kaart.
# Snoeiplan uitleggen aan {straat} | Boombeheerder
> 2 2-3 3w | gesprek taal natuur | maand 10 11 12 1 2
Bewoners van {} schrikken van de zaag. Je schrijft een brief en staat een avond bij de bomen. Je luistert en neemt
vragen mee.
== WV
# Routekaart deelvervoer | Fietsregisseur
> 3 4-6 16w | verkeer plan onderzoek | project
We kiezen waar deelfietsen en deelauto’s komen. Je onderzoekt plekken en praat met bewoners. De routekaart gaat daarna
naar het college.
# Fietstelling bij {de Havenbrug/het station/het Merencollege/de Oostpoort} | Fietsregisseur
> 4 4u | verkeer buiten precies
Je telt een ochtend fietsers bij {}. Je staat met een collega en krijgt koffie. De cijfers bepalen waar we een
oversteek verbeteren.
# Wegeninspectie {wijk} | Wegbeheerder
> 2 4-6 5w | verkeer buiten foto
Je loopt alle straten van {} en geeft elke schade een cijfer. Een inspecteur leert je kijken. De uitkomst bepaalt het
onderhoud van volgend jaar.
# Schoolstraat proberen bij {de Regenboogvis/De Brug/het Kompas} | Verkeerskundige
> 4 2-4 6w | verkeer gesprek jongeren
Bij {} gaat de straat een half uur dicht rond de bel. Je staat er met een hesje en vraagt wat ouders vinden. Na zes
weken kiezen we samen.
# Lantaarnpalen controleren in {wijk}, donkere dagen | Beheerder openbare verlichting
> 3 3u | buiten kaart | maand 10 11 12 1 2
Je loopt een avond door {} en noteert elke lamp die niet brandt. We gaan in tweetallen. Je begint om zeven uur.
# Parkeerdruk meten rond {het centrum/het ziekenhuis/de Lindehof} | Parkeerregisseur
> 3 3-4 4w | verkeer precies excel
Hoeveel plekken zijn er vrij rond {}, overdag en in de avond? Je telt op vaste tijden. Daarna maken we een kaart.
# Bruggen schilderen plannen, {jaar} | Bruggenbeheerder
> 2 3-5 8w | plan veilig inkoop | INK-02
Zeven bruggen zijn aan de beurt. Je maakt een planning die vissers en fietsers het minst stoort. De bruggenbeheerder
geeft de opdracht.
# Strooiploeg {winter}: reserve in de auto | Gladheidsregisseur
> 5 3-6 10w | voertuig buiten verkeer | maand 11 12 1
Bij gladheid rijd je als tweede man mee. Je kijkt mee en bedient de strooier. Een rijbewijs is genoeg, de rest leer
je.
# Riool onder {straat}: bewoners voorbereiden | Rioolbeheerder
> 2 3-4 6w | gesprek taal plan
In {} gaat de straat vier maanden open. Je maakt met bewoners een plan voor bereikbaarheid. Je bent elke week een uur
in de keet.
# Verkeersborden opruimen in {wijk} | Verkeerskundige
> 3 2-4 5w | verkeer buiten kaart
In {} staan borden die niemand meer nodig heeft. Je maakt foto’s en stelt voor wat weg kan. De verkeerskundige
besluit.
== AS
# Aanbesteding nieuwe afvalwagens | Wagenparkbeheerder
> 4 6-8 20w | inkoop voertuig budget | project, INK-02
We kopen zes wagens die elektrisch rijden. Je helpt met eisen, proefritten en het vergelijken van offertes. De
budgethouder geeft de opdracht.
# Meelopen met de afvalcoach in {wijk} | Afvalcoach
> 4 3-4 5w | gesprek buiten
Je praat aan de deur in {} over afval scheiden. Je neemt een keukenbakje mee als cadeau. Je werkt altijd met z’n
tweeën.
# Zwerfafvaldag {seizoen} | Bestrijder zwerfafval
> 10 4u | buiten leiden jongeren
Je begeleidt een groep van tien bewoners of scholieren. Hesjes, grijpers en zakken liggen klaar. Na afloop wegen we de
buit.
# Gft proef in {wijk}: containers volgen | Ondergrondse containers
> 2 3-4 8w | kaart precies buiten
In {} staan twintig nieuwe containers voor gft. Je kijkt elke week hoe vol ze zijn en hoe het ruikt. Bewoners kunnen
bij jou terecht.
# Drukke zaterdagen op de milieustraat, {maand} | Beheerder milieustraat
> 4 5u | balie buiten veilig
Je staat een zaterdag bij de ingang en wijst mensen de weg. Wat nog goed is, gaat naar de kringloop.
Veiligheidsschoenen krijg je van ons.
# Weegdata van {vorigjaar} opschonen | Dataman afval
> 2 3-5 5w | excel precies
Sommige straten hebben volgens de computer nul kilo afval. Je zoekt uit waar het misgaat. Daarna kloppen de kosten per
huishouden.
# Bladcampagne {jaar}: korven uitzetten | Veegregisseur
> 6 4u | buiten voertuig | maand 10 11
We zetten honderd bladkorven neer. Je rijdt met een collega een vaste route. Onderweg praat je met bewoners.
# Afvalkalender {jaar} in gewone taal | Inzamelregisseur
> 2 2-4 5w | taal web test
De kalender geeft elk jaar vierhonderd telefoontjes. Je maakt hem korter en duidelijker. Het testpanel leest mee.
# Kringloopplein bedenken | Beheerder milieustraat
> 3 3-6 18w | plan leiden onderzoek | project, uitdaagrecht Kringloop De Tweede Ronde
De kringloop wil een deel van de milieustraat zelf doen. Je onderzoekt met hen wat kan en wat het kost. Samen maken
jullie een plan voor het college.
== TH
# Fietswrakken labelen rond {het station/de haven/de winkelstraat/de flats van Zuid} | Planner toezicht
> 3 4u | buiten precies
Je loopt met een boa een ronde rond {}. Kapotte fietsen krijgen een label. Na vier weken halen we ze weg.
# Terrassen nameten, {seizoen} | Horecatoezicht
> 2 3-5 4w | buiten kaart gesprek | maand 4 5 6 7 8 9
Staan de terrassen binnen de lijn? Je meet met een collega en maakt foto’s. De ondernemer krijgt eerst een gesprek.
# Oude handhavingszaken afsluiten: {bouw/milieu/reclameborden} | Handhavingsjurist
> 3 3-6 8w | recht zaak precies | HAN-04
Er liggen zeventig oude zaken over {}. Je leest ze en stelt voor: sluiten of doorgaan. De handhavingsjurist besluit.
# Controle {verhuur aan toeristen/opslag van vuurwerk/autobedrijven/kamerverhuur} voorbereiden | Regisseur ondermijning
> 2 3-5 5w | onderzoek kaart recht
We controleren {} samen met politie en brandweer. Je verzamelt openbare gegevens en maakt kaarten. Je gaat niet zelf
naar binnen.
# Hondenregels: borden en brieven in {wijk} | Dierenwelzijn
> 2 2-3 4w | taal buiten
In {} weet niemand waar honden los mogen. Je loopt het gebied na en tekent een kaartje. Daarna schrijf je een brief
van een halve bladzijde.
# Buren om tafel: spreekuur in {Molenwijk/De Rietlanden/Westerzoom} | Regisseur woonoverlast
> 2 3-4 8w | gesprek leiden
Je houdt met een bemiddelaar een spreekuur over overlast in {}. Je luistert en vat samen. Een training hoort erbij.
# Toezicht bij {de kermis/de zomermarkt/de lichtjestocht/het havenfeest} | Planner toezicht
> 4 6u | veilig buiten gesprek
Je bent vraagbaak voor bezoekers van {}. Je draagt een hesje en een portofoon. De boa’s doen de rest.
# Bouwplaatsen fotograferen, {maand} | Toezichthouder bouw
> 2 2-4 3w | foto bouw veilig
Je maakt elke week foto’s vanaf vaste punten. Zo ziet de toezichthouder de voortgang zonder elke dag te rijden. Helm
en schoenen krijg je mee.
"""
