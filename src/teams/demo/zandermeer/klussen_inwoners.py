"""Klussen of the cluster Inwoners: title, role, places and hours, skills, extras; then the text."""

TEKST = """
== BZ
# Balie bij de verkiezingen: {stemlokaal Havenkade/stemlokaal De Brug/stemlokaal Lindehof} | Coördinator verkiezingen
> 12 6u | gesprek precies balie
Je helpt een dag bij {}. Je ontvangt kiezers en controleert papieren. Je krijgt vooraf een training van een uur.
# Adressen nalopen in {wijk} | Adresonderzoeker
> 3 3-6 6w | buiten precies gesprek
In {} twijfelen we aan 60 adressen. Je loopt ze met een collega langs en schrijft op wat je ziet. Wij beslissen later
wat er verandert.
# Wachtkamer drukke weken {jaar} | Planner balie
> 4 4-8 5w | balie gesprek | maand 4 5 6
Voor de zomer komen twee keer zoveel mensen voor een paspoort. Je vangt ze op en helpt bij het afspraakscherm.
Ervaring aan een balie is fijn.
# Oude akten scannen: {1901 tot 1920/1921 tot 1935/1936 tot 1950} | Ambtenaar burgerlijke stand
> 2 2-5 10w | precies zaak
De akten van {} staan nog alleen op papier. Je scant ze en controleert of elke bladzijde leesbaar is. Rustig werk met
mooie verhalen.
# Nieuwe trouwlocaties bezoeken | Trouwcoördinator
> 2 3-4 4w | foto gesprek
Vijf plekken willen trouwlocatie worden. Je bezoekt ze en maakt foto’s. Samen schrijven we een kort advies.
# Naturalisatiedag voorbereiden, {seizoen} | Specialist naturalisatie
> 3 2-4 3w | leiden gesprek
Je helpt met de uitnodigingen en het programma. Op de dag zelf ontvang je de gasten. Het is elk jaar een feest.
# Zelfevaluatie basisregistratie {vorigjaar} | Beheerder basisregistratie
> 2 4-6 8w | precies excel | project
We kijken of de basisregistratie aan alle eisen voldoet. Je verzamelt bewijs en zet het in een overzicht. Aan het eind
ligt er een verbeterplan.
# Grafregister en kaart naast elkaar leggen | Beheerder basisregistratie
> 2 3-5 8w | kaart precies
Het register en de kaart van de begraafplaats verschillen. Je zoekt uit wat klopt. Daarvoor loop je soms een ronde
buiten.
== KC
# Kennisbank nalopen: {paspoort en verhuizen/afval en straat/geld en schulden/bouwen en wonen} | Beheerder kennisbank
> 3 2-4 5w | taal web precies
Je leest de artikelen over {} en vraagt teams wat niet meer klopt. Daarna herschrijf je ze in gewone taal. Per week
gaat het om tien artikelen.
# Telefoon in de aanslagmaand {jaar} | Telefonist 14 nummer
> 5 4-8 4w | balie gesprek | maand 2 3
Als de aanslagen op de mat vallen, gaat de telefoon de hele dag. Je beantwoordt de eenvoudige vragen. De rest zet je
door naar Belastingen.
# Meedraaien als gastheer in de publiekshal, {seizoen} | Gastheer publiekshal
> 2 3-6 6w | gesprek balie
Je verwelkomt bezoekers en wijst de weg. Je hoort ook wat beter kan. Dat delen we elke vrijdag met de teams.
# Klachten van {vorigjaar} lezen en ordenen | Klachtbehandelaar
> 2 3-5 5w | taal onderzoek
Je leest alle afgesloten klachten zonder namen. Je ordent ze naar oorzaak. Samen maken we er een verhaal van twee
bladzijden van.
# Oefenavond lastige gesprekken, {seizoen} | Trainer gesprekken
> 6 3u | gesprek coach
Je speelt een bewoner die boos of verdrietig is. Collega’s oefenen met luisteren. Na afloop eten we soep.
# Papieren post afschaffen bij drie teams | Postregisseur
> 3 4-6 14w | plan zaak taal | project
Drie teams krijgen nog elke dag papier. Je zoekt uit waar het vandaan komt en regelt een digitale weg. Je test met
echte afzenders.
# Antwoorden op sociale media in {de vakantieweken/de feestmaand/de stormweken} | Webcareredacteur
> 2 3-5 3w | web taal
Je neemt een paar dagdelen over in {}. Er ligt een boekje met de toon en de vaste antwoorden. Een ervaren collega
kijkt mee.
== IN
# Spreekuur energietoeslag in {wijk} | Minimaregisseur
> 4 3-4 6w | gesprek sociaal balie | PW-07
Je helpt inwoners van {} met het aanvraagformulier. Je beslist niet, je zorgt dat alles compleet is. Een consulent zit
in dezelfde ruimte.
# Banenmarkt {seizoen}: opbouw en ontvangst | Werkgeversadviseur
> 8 6u | gesprek leiden
Dertig werkgevers komen naar de sporthal. Je bouwt op, wijst de weg en vangt bezoekers op. Om vijf uur ruimen we samen
op.
# Taallessen bezoeken en waarderen | Inburgeringsregisseur
> 2 3-5 6w | onderzoek gesprek
We willen weten of de taalscholen goed werk doen. Je zit een paar lessen bij en praat met cursisten. Je schrijft een
verslag van een bladzijde per school.
# Brieven over de uitkering inkorten | Uitkeringsadministrateur
> 3 2-4 7w | taal sociaal
Onze twaalf standaardbrieven zijn te lang. Je schrijft ze korter, samen met twee consulenten. Het testpanel van
inwoners leest mee.
# Statistiek uitkeringen voor het CBS, {maand} | Uitkeringsadministrateur
> 1 2-3 3w | excel precies
Je controleert de maandlevering aan het CBS. Afwijkingen zoek je uit met de administratie. Handig als je graag puzzelt
met cijfers.
# Kindpakket uitdelen in {wijk} | Minimaregisseur
> 5 4u | gesprek jongeren | initiatief Stichting Meedoen Zandermeer
Kinderen uit {} krijgen een tas met spullen voor school. Jij pakt in en deelt uit. Ouders kunnen meteen iets vragen.
# Eenvoudiger aanvragen van bijstand | Consulent inkomen
> 4 4-6 20w | plan sociaal taal test | project, raad motie {jaar}-14
De raad wil een formulier dat in een half uur klaar is. Je werkt mee in een groep van vier. We testen elke maand met
inwoners.
# Werkplekken tellen bij bedrijven op {De Zandhoek/de Oostpoort/het Kadeterrein} | Werkgeversadviseur
> 2 3-5 5w | gesprek onderzoek
Welke bedrijven op {} hebben een plek voor onze kandidaten? Je belt en bezoekt ze. De uitkomst komt op één kaart.
== SH
# Brieven over schulden herschrijven | Redacteur brieven schulden
> 2 3 9w | taal schuld
Onze brieven maken mensen bang. Je herschrijft er twintig in gewone taal. Drie ervaringsdeskundigen lezen mee.
# Huisbezoeken vroegsignalering in {wijk} | Vroegsignaleerder
> 2 4-6 10w | bezoek gesprek schuld
Je gaat met een schuldhulpverlener langs bij huishoudens in {} die achterlopen met betalen. Je luistert en laat een
kaartje achter. Veel mensen zijn opgelucht.
# Week van het geld op {het Merencollege/de Zandertoren/de praktijkschool} | Jongerenschuldhulp
> 4 5u | jongeren presenteren | maand 3
Je geeft op {} een les over geld. Het materiaal ligt klaar. Je oefent vooraf een keer met een collega.
# Afspraken met {woningcorporaties/zorgverzekeraars/energiebedrijven} vernieuwen | Ketenregisseur schulden
> 2 3-5 8w | onderhandel recht
De afspraken met {} zijn vijf jaar oud. Je zet op een rij wat werkt en wat niet. Daarna bereid je het gesprek voor.
# Maatjes zoeken voor gezinnen met schulden, {seizoen} | Ketenregisseur schulden
> 3 2-3 6w | gesprek leiden
We zoeken vijftien vrijwilligers die een jaar met een gezin meelopen. Je bedenkt een wervingsactie en voert de eerste
gesprekken. De training doet een collega.
# Budgetrekeningen controleren, {maand} | Beheerder budgetrekeningen
> 2 2-4 3w | precies budget schuld
Je loopt samen met de beheerder alle rekeningen van die maand na. Klopt de huur, is er een reserve? Je ziet geen
dossiers, alleen bedragen.
== WM
# Hulpmiddelen tellen in het depot, {seizoen} | Hulpmiddelenbeheerder
> 4 6u | precies buiten
In het depot staan rolstoelen en scootmobielen die opnieuw gebruikt kunnen worden. Je telt, fotografeert en plakt
labels. Stevige schoenen zijn verplicht.
# Dag van de mantelzorg {jaar} | Mantelzorgverbinder
> 6 3-5 5w | leiden plan gesprek
Je helpt een middag maken voor tweehonderd mantelzorgers. Je regelt een deel: zaal, eten of programma. Op de dag zelf
ben je gastheer.
# Tevredenheid hulp bij het huishouden: belronde {seizoen} | Regisseur hulp bij het huishouden
> 5 3-5 4w | gesprek onderzoek
Je belt inwoners met een korte vragenlijst. De meesten vinden een praatje fijn. Je vult de antwoorden in zonder namen.
# Winkeliers trainen over dementie in {het centrum/Molenwijk/Dorp Aldermeer} | Dementieregisseur
> 3 3-4 6w | presenteren leiden
Winkeliers in {} willen weten hoe je iemand helpt die de weg kwijt is. Je geeft met een collega een training van een
uur. Het verhaal en de film liggen klaar.
# Taxiritten nameten in {maand} | Vervoersregisseur
> 2 2-3 4w | excel precies
Klopt de rekening van de vervoerder met de ritten? Je vergelijkt een steekproef van honderd ritten. Wat je vindt,
bespreken we met de vervoerder.
# Wachtlijst Wmo halveren | Consulent Wmo
> 4 4-8 16w | sociaal plan gesprek | project, WMO-02
Mensen wachten nu elf weken op een gesprek. Je helpt met bellen, voorbereiden en plannen. De consulent voert het
gesprek en besluit.
# Toegankelijkheid testen van {stembureaus/sporthallen/speelplekken/bushaltes} | Adviseur woningaanpassing
> 4 4-5 4w | buiten foto veilig
Je bekijkt met inwoners in een rolstoel hoe toegankelijk {} zijn. Je meet drempels en maakt foto’s. Elke eigenaar
krijgt een lijstje.
# Zorgaanbieders bezoeken: {dagbesteding/thuisbegeleiding/logeerhuizen} | Toezichthouder zorg
> 2 4-6 6w | onderzoek gesprek sociaal
Je gaat mee op bezoek bij aanbieders van {}. Je kijkt, luistert en leest mee in de administratie. De toezichthouder
maakt het rapport.
== JO
# Routes leerlingenvervoer herzien {jaar} | Leerlingenvervoer
> 3 4-6 7w | kaart plan excel | maand 4 5 6
Elk jaar veranderen scholen en adressen. Je legt de nieuwe routes op de kaart. Kinderen zitten nooit langer dan een
uur in het busje.
# Schoolgebouwen meten: lucht en licht in {Noord/Zuid/de dorpen} | Onderwijshuisvester
> 3 3-5 6w | onderzoek bouw
Je meet in schoolklassen in {} de lucht, het licht en het geluid. Kinderen helpen graag mee. De uitkomsten komen in
het meerjarenplan.
# Jongerenraad {seizoen} begeleiden | Jeugdparticipatie
> 2 3-4 8w | jongeren leiden
Vijftien jongeren geven de gemeente advies. Je bereidt de avonden voor en laat hen zelf praten. Je zorgt dat hun
advies bij het goede team komt.
# Verzuim in {maand} uitpluizen | Leerplichtambtenaar
> 1 3-4 3w | precies zaak
Scholen melden verzuim op verschillende manieren. Je ordent de meldingen en belt bij vragen. De leerplichtambtenaar
neemt daarna contact op.
# Voorleesestafette in {wijk} | Taal en voorscholen
> 8 3u | jongeren presenteren | initiatief Leesclub De Bladwijzer
Op tien plekken in {} wordt de hele dag voorgelezen. Jij neemt een uur en helpt daarna bij het volgende punt. Kies je
eigen boek.
# Stages voor jongeren zonder diploma | Regisseur jongeren zonder diploma
> 3 3-6 18w | jongeren gesprek plan | project
Twintig jongeren zoeken een plek om te beginnen. Je zoekt binnen de gemeente en bij bedrijven. Je volgt vier jongeren
tot ze hun draai hebben.
# Belronde wachttijd jeugdhulp, {seizoen} | Contractmanager jeugd
> 2 2-3 4w | gesprek excel
Je belt alle aanbieders met vijf vaste vragen. De antwoorden zet je in een overzicht. Ouders kunnen dan eerlijk
kiezen.
# Schoolzwemmen terugbrengen in {Dorp Aldermeer/Oostzijde/Zuid} | Taal en voorscholen
> 3 2-4 9w | plan jongeren | raad motie {jaar}-31
De raad vroeg om schoolzwemmen in {}. Je zoekt met scholen en het zwembad uit wat kan. Aan het eind ligt er een
voorstel van twee bladzijden.
"""
