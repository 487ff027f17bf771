"""Klussen of the cluster Samenleving."""

TEKST = """
== WN
# Bewonersavond Havenkade voorbereiden | Verbinder noord
> 2 4 3w | gesprek taal leiden
De kade wordt opnieuw ingericht. Je bereidt met drie bewoners een avond voor. Je schrijft de uitnodiging en leidt een
van de tafels.
# Inloop draaien in {de Havenkade/buurthuis De Sluis/de Molenschuur} | Inloop Havenkade
> 3 3-4 8w | gesprek balie
Je schenkt koffie in {} en helpt met formulieren. Wat je niet weet, zoeken we samen op. Vaste middag in de week.
# Voetbaltoernooi voor straten in {wijk} | Jongerenwerker noord
> 5 5u | jongeren leiden buiten | initiatief jongerengroep Noordzij
Jongeren uit {} organiseren zelf een toernooi. Jij bent achterwacht en scheidsrechter. Na afloop is er eten.
# Koffie achter de voordeur: 75-plussers in {wijk} | Ouderenwerker noord
> 4 3-4 10w | bezoek gesprek
Je bezoekt alle 75-plussers in {} die dat willen. Je vraagt hoe het gaat en wat zij missen. Een vrijwilliger gaat met
je mee.
# Wijkbudget {seizoen}: stemdag begeleiden | Wijkbudget noord
> 4 5u | leiden budget gesprek | initiatief bewonersraad Noord
Bewoners kiezen welke plannen geld krijgen. Je helpt bij het stemmen en tellen. De bewonersraad leidt de dag.
# Toeslagenmiddag in {maand} | Steunpunt geld noord
> 3 3u | schuld gesprek sociaal
Veel mensen laten toeslagen liggen. Je loopt met bewoners hun papieren na. Een budgetcoach zit naast je.
# Huiswerkplek opzetten in buurthuis De Sluis | Gezinswerker noord
> 3 2-4 12w | jongeren plan coach
Kinderen hebben thuis geen rustige plek. Je regelt tafels, tijden en vrijwilligers. Na drie maanden draait het zonder
jou.
# Kunst op de flat: muurschildering met bewoners van {straat} | Verbinder noord
> 2 3-5 7w | leiden gesprek foto | initiatief Flat in Kleur
Bewoners van {} kiezen samen een schildering. Je helpt met geld, vergunning en planning. De schilder komt uit de wijk.
== WZ
# Buurtkas Zuid: plannen ophalen in {wijk} | Verbinder zuid
> 3 3-4 5w | gesprek budget | SUB-01
Je vraagt bewoners van {} wat zij met de buurtkas willen doen. Je helpt hun plan op een halve bladzijde te zetten. De
rol Subsidies besluit.
# Taalwandelingen {seizoen} | Taalmaatje zuid
> 4 2-3 8w | gesprek buiten
Je wandelt elke week een uur met mensen die Nederlands leren. Onderweg praat je over wat je ziet. Je hoeft geen leraar
te zijn.
# Portiekgesprekken in {de Lindehof/de Parkflat/de Meidoornhof} | Opbouwwerker Lindehof
> 3 3-4 6w | gesprek bezoek
Wat gaat goed in {} en wat niet? Je spreekt met een collega bij elk portiek de bewoners. De uitkomst hangt daarna in
de hal.
# Sportavond op het pleintje, {maand} | Jongerenwerker zuid
> 4 3u | jongeren buiten
Je doet mee met voetbal en basketbal. Jongeren leren je kennen en jij hen. Trek sportkleren aan.
# Voorzieningenkaart wijk Zuid maken | Verbinder zuid
> 2 3-5 6w | kaart onderzoek taal
Waar kun je in Zuid terecht met welke vraag? Je haalt alles op en maakt er één kaart van. Die gaat huis aan huis.
# Buurtbemiddelaars trainen, {seizoen} | Buurtbemiddelaar
> 2 3-4 4w | coach leiden gesprek
Acht nieuwe vrijwilligers leren bemiddelen. Je speelt mee in oefeningen en geeft terug wat je ziet. Ervaring met
gesprekken helpt.
# Overleg wijkteam en huisartsen opfrissen | Wijkverpleging en zorg
> 2 2-4 9w | leiden sociaal plan
Het overleg duurt lang en levert weinig op. Je kijkt drie keer mee en stelt een kortere vorm voor. Daarna leid je het
twee keer zelf.
# Zuid bestuurt zelf: buurtagenda in een half jaar | Opbouwwerker Lindehof
> 4 4-6 24w | leiden plan gesprek | project, uitdaagrecht Bewonersbedrijf Zuid
Een bewonersbedrijf wil het beheer van plein en groen overnemen. Je rekent en regelt met hen. In een half jaar ligt er
een afspraak die je kunt proberen.
== SC
# Sportdag {seizoen}: spelleiders gevraagd | Buurtsportcoach
> 8 5u | jongeren leiden buiten | maand 4 5 6 7 8 9
Vierhonderd kinderen doen een dag lang spelletjes. Jij leidt er een. Uitleg en spullen krijg je ’s ochtends.
# Sporthallen nalopen op schade, {maand} | Locatiebeheerder sport
> 2 3-4 3w | veilig foto precies
Je loopt zes hallen na en noteert wat kapot is. Alles krijgt een foto en een cijfer. Daarmee plannen we het onderhoud.
# Beeldenroute controleren: {centrum/Noord/Zuid/dorpen} | Kunst in de openbare ruimte
> 2 3u | foto buiten
Je fietst langs alle beelden in {}. Je kijkt of ze heel en schoon zijn. Je ziet de gemeente eens anders.
# Clubs helpen met hun energierekening | Sportregisseur
> 3 2-4 10w | energie budget gesprek
Twaalf clubs schrikken van hun rekening. Je bekijkt met het bestuur waar het geld heen gaat. Een energieadviseur
rekent de plannen door.
# Cultuur op school: {dans/muziek/theater/film} in de klas | Cultuurmakelaar
> 3 3-4 7w | jongeren plan
Scholen willen lessen in {}. Je koppelt makers aan klassen en regelt de dagen. Je mag komen kijken.
# Depot van het stadsmuseum inpakken | Museumverbinder
> 4 4-6 6w | precies foto
Het depot verhuist naar een drogere plek. Je pakt in, maakt foto’s en schrijft labels. Een conservator leert je hoe.
# Nieuwe velden: gebruikers aan tafel | Beheerder velden
> 2 3-5 14w | leiden plan onderhandel | project
Vier clubs delen straks twee velden. Je maakt met hen een rooster en een afspraak over onderhoud. Ze hebben er zelf om
gevraagd.
# Leesclub voor volwassenen die leren lezen in {wijk} | Bibliotheek en lezen
> 2 2-3 8w | gesprek taal
Je leest elke week met zes mensen uit {} een makkelijk boek. De bibliotheek kiest de boeken. Geduld is het
belangrijkste.
# Zwemfeest met De Golf, {jaar} | Zwembadregisseur
> 5 4u | jongeren veilig
Kinderen met een nieuw diploma vieren feest. Je houdt toezicht op de kant en deelt prijzen uit. Zwemmen hoef je niet.
== SU
# Subsidieverslagen lezen: {sport en bewegen/muziek en toneel/buurtfeesten} | Vaststeller subsidies
> 3 3-5 6w | budget precies recht | SUB-01
Verenigingen sturen hun verslag. Je leest of het geld is gebruikt waarvoor het was. Vaststellen doet de vaststeller.
# Clubs bezoeken met een lege agenda: {muziek/sport/buurt/natuur} | Verenigingsloket
> 3 2-4 7w | gesprek onderzoek
Je gaat langs bij clubs voor {} en vraagt wat hun werk lastig maakt. Je belooft niets en schrijft alles op. Daarna
schrappen we regels.
# Formulier voor kleine subsidies testen | Subsidies
> 4 2-3 4w | test taal | SUB-01
Het nieuwe formulier past op een telefoon. Jij doet alsof je een club bent. Wat je niet snapt, passen we aan.
# Vrijwilligersprijs {jaar} | Vrijwilligerspunt
> 4 2-4 6w | leiden plan film
We vieren de mensen die Zandermeer dragen. Je verzamelt verhalen en helpt met de avond. De jury bestaat uit inwoners.
# Subsidieregels van negen naar één bladzijde | Regelmaker subsidies
> 3 4-6 16w | recht taal leiden | project, raad motie {jaar}-22, SUB-01
De raad wil eenvoudige regels. Je schrijft een eerste versie met clubs aan tafel. Juridische Zaken toetst, de raad
stelt vast.
# Fondsenmiddag voor {buurthuizen/koren en orkesten/sportclubs} | Fondsenwerver
> 3 4u | taal leiden
Besturen van {} leren een middag lang aanvragen schrijven. Je zit aan een tafel en leest mee. Aan het eind gaat er
echt een aanvraag weg.
# Register van subsidies openbaar maken, {vorigjaar} | Subsidies
> 2 2-4 5w | excel web precies | SUB-01
Iedereen mag zien wie subsidie krijgt. Je haalt persoonsgegevens eruit en controleert bedragen. Daarna staat de lijst
op de website.
== EC
# Ondernemers spreken op {Kadeterrein/de Oostpoort/de winkelstraat/de jachthaven} | Accountmanager bedrijven
> 3 3-4 5w | gesprek onderzoek
Je bezoekt tien ondernemers op {} met vijf vragen. Hun antwoorden bepalen wat we volgend jaar doen. Je gaat altijd met
een collega.
# Weekmarkt tellen, {seizoen} | Marktmeester
> 3 4u | precies gesprek buiten
Hoeveel mensen komen er, en waarvoor? Je telt en stelt korte vragen. De kooplieden krijgen de uitkomst als eerste.
# Techniekdag {jaar} op het Merencollege | Arbeidsmarktmakelaar
> 6 5u | jongeren leiden
Bedrijven laten leerlingen lassen, meten en programmeren. Je begeleidt een groep van twaalf. Het programma ligt klaar.
# Lege etalages vullen in de {Hoogstraat/Vismarkt/Sluispassage} | Centrumregisseur
> 2 3-5 8w | leiden foto gesprek | initiatief winkeliersvereniging Hart van Zandermeer
Kunstenaars en clubs krijgen een etalage in de {}. Je koppelt pand en maker en regelt de sleutel. De winkeliers
betalen de verf.
# Wandelroutes langs het water nalopen: {noordoever/zuidoever/eilanden} | Toerisme en water
> 3 4u | buiten kaart foto
Je loopt de route langs de {} en kijkt of bordjes en bankjes er nog staan. Wat stuk is, zet je op de kaart. Lunch is
voor ons.
# Ondernemersloket in één gesprek | Startersloket
> 3 3-5 14w | plan recht taal | project
Een starter spreekt nu vijf teams. Je volgt drie starters en maakt er één gesprek van. Alle vijf teams doen mee.
# Energiehub Kadeterrein: bedrijven aan tafel | Bedrijventerreinen
> 2 3-5 10w | energie onderhandel leiden
Het stroomnet is vol. Je brengt acht bedrijven bij elkaar die stroom kunnen delen. Een adviseur rekent mee.
== OC
# Crisisoefening {stroomuitval/hoog water/grote brand/storing drinkwater} | Crisiscoördinator
> 8 6u | veilig leiden
We spelen een dag lang {}. Jij speelt een inwoner, een journalist of een hulpverlener. Aan het eind vertel je wat je
zag.
# Noodsteunpunt inrichten in {wijk} | Weerbare inwoners
> 3 3-4 6w | plan gesprek veilig
Waar gaan mensen in {} heen als de stroom weg is? Je zoekt met de buurt een plek en maakt een lijst. Daarna houden we
een proefavond.
# Opvanglijst bijwerken, {seizoen} | Opvangleider
> 2 2-4 4w | precies gesprek
Je belt alle locaties waar we mensen kunnen opvangen. Klopt de sleutel, zijn er bedden? Je zet de lijst in het
crisisplan.
# Jaarwisseling {jaar}: vrijwillige stadswacht | Adviseur openbare orde
> 8 6u | veilig gesprek buiten | maand 12
Je loopt een avond in een groep van vier. Je bent ogen en oren en belt als het nodig is. Oliebollen horen erbij.
# Evaluatie {havenfeest/kermis/lichtjestocht} schrijven | Veiligheid evenementen
> 2 3-4 4w | onderzoek taal
Wat ging goed bij het evenement {} en wat niet? Je spreekt twaalf mensen en leest het logboek. Je schrijft drie
bladzijden.
# Nazorg na detentie: wegwijzer maken | Zorg en veiligheid
> 2 3-4 7w | sociaal taal recht
Wie vrijkomt, heeft op dag één een bed en geld nodig. Je maakt een wegwijzer van één bladzijde. Een
ervaringsdeskundige werkt mee.
"""
