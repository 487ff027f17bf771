"""Teams and roles of the cluster Inwoners in Zandermeer."""

TEKST = """
== BZ | Burgerzaken | ZM | Inwoners | 16
Iedereen krijgt vlot en zorgvuldig de papieren die bij het leven horen.
Baliemedewerker paspoorten: Elke inwoner gaat in één bezoek met het juiste document naar huis.
- Aanvragen voor paspoort en rijbewijs opnemen; Identiteit vaststellen; Documenten uitreiken
Ambtenaar burgerlijke stand: Geboorte, huwelijk en overlijden staan goed in de akten.
- Akten opmaken en bewaren; Huwelijken voltrekken; Erkenningen en naamskeuzes vastleggen
* De registers van de burgerlijke stand
Beheerder basisregistratie: De basisregistratie klopt met wie waar woont.
- Verhuizingen verwerken; Twijfel over een adres onderzoeken; Elk jaar de zelfevaluatie doen
* De basisregistratie personen
Adresonderzoeker: Niemand staat ingeschreven op een adres waar hij niet woont.
- Signalen over adressen uitzoeken; Huisbezoeken voorbereiden; Uitkomst uitleggen aan de bewoner
Coördinator verkiezingen: Stemmen is voor iedereen makkelijk, geheim en eerlijk.
- Stemlokalen kiezen en inrichten; Leden van stembureaus werven en trainen; De telling laten kloppen
* Het draaiboek verkiezingen
Trouwcoördinator: Een trouwdag zonder zorgen, binnen de wet.
- Data en locaties afspreken; Trouwambtenaren indelen; Nieuwe trouwlocaties beoordelen
Specialist naturalisatie: Wie Nederlander wil worden, weet waar hij aan toe is.
- Verzoeken beoordelen op volledigheid; Advies aan de burgemeester schrijven; De ceremonie voorbereiden
Fraudebestrijder identiteit: Valse documenten komen de gemeente niet binnen.
- Documenten controleren bij twijfel; Collega’s trainen in herkennen; Aangifte doen
Kwaliteitsbewaker documenten: Elke stap met een waardedocument is na te gaan.
- Kluis en voorraad tellen; Steekproeven doen; Verbeterpunten bespreken in het team
Planner balie: Genoeg mensen aan de balie op elk uur van de week.
- Rooster maken; Wachttijden volgen; Invallers regelen bij ziekte
!Begraafregisseur: Nabestaanden vinden een rustige plek en duidelijke regels.
- Graven uitgeven en verlengen; Het register bijhouden; Uitvaarten zonder nabestaanden regelen
* Het grafregister

== KC | Klantcontact | ZM | Inwoners | 13
Wie de gemeente belt, mailt of binnenloopt, krijgt antwoord van een mens.
Telefonist 14 nummer: Acht van de tien vragen zijn na één gesprek klaar.
- Vragen beantwoorden; Terugbelafspraken maken; Spoed meteen doorzetten
Gastheer publiekshal: Bezoekers voelen zich welkom en weten waar ze zijn moeten.
- Bezoekers ontvangen; Rust bewaren in de hal; Kapotte spullen melden
Webcareredacteur: Ook online krijgt iedereen dezelfde dag antwoord.
- Berichten op sociale media beantwoorden; Signalen doorgeven aan teams; Toon bewaken
Beheerder kennisbank: Elk antwoord staat één keer opgeschreven, en klopt.
- Artikelen schrijven en nalopen; Teams vragen om wijzigingen; Zoekwoorden toevoegen
* De kennisbank
Klachtbehandelaar: Een klacht wordt gehoord en maakt het werk beter.
- Klachten binnen zes weken afhandelen; Gesprekken leiden; Elk jaar opschrijven wat we leerden
Signaleerder: We weten wat er speelt voordat het in de krant staat.
- Terugkerende vragen tellen; Elke maand de top tien delen; Teams helpen met een oplossing
Postregisseur: Alle post ligt dezelfde dag bij de juiste rol.
- Post openen en scannen; Zaken aanmaken; Zoekgeraakte stukken opsporen
Trainer gesprekken: Ook een lastig gesprek eindigt met respect.
- Nieuwe collega’s inwerken; Gesprekken nabespreken; Oefenavonden houden

== IN | Inkomen | ZM | Inwoners | 18
Wie geen inkomen heeft, krijgt op tijd geld en een eerlijke kans op werk.
Consulent inkomen: Inwoners krijgen op tijd de uitkering waar zij recht op hebben.
- Aanvragen beoordelen; Gesprekken over het plan voeren; Wijzigingen verwerken
Consulent bijzondere bijstand: Onverwachte kosten gooien niemand uit balans.
- Aanvragen toekennen of afwijzen; Uitleggen waarom; Doorverwijzen naar regelingen
Werkcoach: Mensen vinden werk dat bij hen past.
- Loopbaangesprekken voeren; Proefplaatsingen regelen; Mensen volgen in hun eerste halfjaar werk
Werkgeversadviseur: Werkgevers in de streek kennen onze kandidaten.
- Bedrijven bezoeken; Werkplekken aanpassen; Afspraken over loonkosten maken
Inburgeringsregisseur: Nieuwkomers leren de taal en doen vanaf de eerste week mee.
- Leerroutes vaststellen; Taalscholen volgen; Startgesprekken voeren
Uitkeringsadministrateur: Het juiste bedrag staat op de juiste dag op de rekening.
- Betalingen klaarzetten; Loonstroken verrekenen; Jaaropgaven sturen
* De betaalkalender
Handhaver uitkeringen: Uitkeringen gaan naar wie er recht op heeft.
- Signalen onderzoeken; Gesprekken eerlijk vastleggen; Voorstel voor terugvordering maken
Terugvorderaar: Schulden aan de gemeente worden terugbetaald, haalbaar en menselijk.
- Regelingen afspreken; Beslagvrije voet bewaken; Oninbare schulden voordragen
Minimaregisseur: Geen kind mist school of sport door geld.
- De regelingen beheren; Scholen en clubs betrekken; Het bereik meten
Budgethouder werk en inkomen: Het geld voor werk en inkomen doet wat we afspraken.
- Elk kwartaal verwachting maken; Facturen goedkeuren; Tekorten vroeg melden
!Jobcoach: Wie extra steun nodig heeft, houdt zijn baan.
- Wekelijks op de werkplek begeleiden; Werkgevers coachen; Voortgang vastleggen

== SH | Schuldhulp | IN | Inwoners | 8
Iedereen met schulden krijgt rust, uitzicht en een plan.
Schuldhulpverlener: Binnen vier weken een gesprek, binnen acht een plan.
- Intakes doen; Plannen van aanpak maken; Met schuldeisers onderhandelen
Budgetcoach: Mensen krijgen weer grip op hun geld.
- Huisbezoeken doen; Overzicht maken van inkomsten en uitgaven; Na een jaar terugkijken
Vroegsignaleerder: We staan aan de deur voordat de deurwaarder er staat.
- Meldingen van verhuurders verwerken; Op huisbezoek gaan; Afspraken met vaste-lastenpartners maken
Beheerder budgetrekeningen: Vaste lasten worden altijd eerst betaald.
- Rekeningen openen; Betalingen controleren; Reserves opbouwen
* De budgetrekeningen
Jongerenschuldhulp: Jongeren beginnen zonder schuld aan hun baan.
- Spreekuur op school houden; Jongerenfonds inzetten; Ouders betrekken
Redacteur brieven schulden: Elke brief over geld is in één keer te begrijpen.
- Brieven herschrijven; Testen met inwoners; Schuldeisers vragen hetzelfde te doen
Ketenregisseur schulden: Alle hulp rond één gezin kent elkaar.
- Overleg met wijkteams leiden; Casussen vlot trekken; Vrijwilligers van het maatjesproject koppelen

== WM | Wmo en Zorg | ZM | Inwoners | 18
Inwoners wonen zo lang en zo goed als zij willen in hun eigen huis.
Consulent Wmo: Wie hulp nodig heeft, krijgt passende steun.
- Keukentafelgesprekken voeren; Onderzoeksverslagen schrijven; Voorzieningen toekennen
Adviseur woningaanpassing: Een huis dat meebeweegt met een beperking.
- Woningen bekijken; Programma van eisen maken; Oplevering controleren
Regisseur hulp bij het huishouden: Een schoon huis, afgesproken zonder misverstand.
- Klachten oplossen met aanbieders; Wachtlijst volgen; Tevredenheid meten
Vervoersregisseur: Ook zonder auto kom je bij vrienden en huisarts.
- Taxipassen uitgeven; Ritten en klachten volgen; Vervoerders aanspreken
Hulpmiddelenbeheerder: Een rolstoel of scootmobiel die past en werkt.
- Aanvragen beoordelen; Voorraad en hergebruik regelen; Leveranciers aanspreken
Regisseur beschermd wonen: Mensen met een kwetsbaarheid wonen veilig en leren zelfstandig te zijn.
- Plekken toewijzen; Uitstroom regelen; Overleg met aanbieders voeren
Mantelzorgverbinder: Wie zorgt voor een ander, houdt het vol.
- Waardering regelen; Respijtzorg vinden; Signalen ophalen bij mantelzorgers
Toezichthouder zorg: De zorg die we betalen, is goed en echt gegeven.
- Aanbieders bezoeken; Rapporten maken; Misbruik melden
Contractmanager zorg: Goede aanbieders tegen een eerlijke prijs.
- Contracten opvolgen; Tarieven onderbouwen; Gesprekken met aanbieders voeren
Dementieregisseur: Een gemeente waar je mag vergeten.
- Ontmoetingsplekken steunen; Winkeliers trainen; Casemanagers verbinden
!Cliëntondersteuner: Niemand zit alleen aan tafel met de gemeente.
- Inwoners voorbereiden op gesprekken; Meegaan naar gesprekken; Knelpunten zonder namen melden

== JO | Jeugd en Onderwijs | ZM | Inwoners | 13
Kinderen groeien veilig op, leren graag en krijgen hulp als dat nodig is.
Jeugdconsulent: Gezinnen krijgen hulp die past, niet zwaarder dan nodig.
- Hulpvragen onderzoeken; Jeugdhulp toekennen; Met het gezin evalueren
Leerplichtambtenaar: Elk kind gaat naar school.
- Verzuim onderzoeken; Gesprekken met ouders en kind voeren; Vrijstellingen beoordelen
* De leerplichtadministratie
Regisseur jongeren zonder diploma: Elke jongere haalt een diploma of vindt werk.
- Uitvallers opzoeken; Trajecten afspreken; Scholen en bedrijven verbinden
Onderwijshuisvester: Scholen waar je gezond kunt leren.
- Meerjarenplan scholen bijhouden; Aanvragen beoordelen; Bouwplannen volgen
Leerlingenvervoer: Kinderen komen veilig en op tijd op school.
- Aanvragen beoordelen; Routes afstemmen; Klachten oplossen
Toezicht kinderopvang: Opvang die veilig en goed is.
- Inspecties laten doen; Tekorten laten herstellen; Register bijhouden
Contractmanager jeugd: Goede jeugdhulp zonder lange wachtlijst.
- Aanbieders spreken; Wachttijden volgen; Inkoop met de regio doen
Veiligheid in gezinnen: Geweld thuis stopt en komt niet terug.
- Meldingen wegen met partners; Tijdelijk huisverbod voorbereiden; Nazorg volgen
Jeugdparticipatie: Jongeren praten mee voordat er besloten is.
- De jongerenraad begeleiden; Klassen uitnodigen; Adviezen bij teams brengen
Taal en voorscholen: Elke kleuter begint met genoeg woorden.
- Voorscholen subsidiëren en bezoeken; Taalhuis steunen; Resultaten volgen
!Praktijkondersteuner jeugd: De huisarts weet snel de juiste hulp.
- Spreekuur houden bij huisartsen; Kort begeleiden; Terugkoppelen aan huisarts en gezin
"""
