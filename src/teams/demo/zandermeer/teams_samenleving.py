"""Teams and roles of the cluster Samenleving in Zandermeer."""

TEKST = """
== WN | Wijkteam Noord | ZM | Samenleving | 11
In Noord weten mensen elkaar en ons te vinden.
Verbinder noord: Bewoners en gemeente werken samen aan de buurt.
- Aanwezig zijn op straat; Initiatieven op weg helpen; Vragen bij de juiste rol brengen
Gezinswerker noord: Gezinnen staan er niet alleen voor.
- Huisbezoeken doen; Eén plan per gezin maken; Hulp afbouwen als het kan
Ouderenwerker noord: Ouderen in Noord doen mee.
- Eenzaamheid signaleren; Inloop houden; Familie en buren betrekken
Jongerenwerker noord: Jongeren hebben een plek en een doel.
- Op straat contact leggen; Activiteiten met jongeren maken; Overlast bespreken
Wijkbudget noord: Geld van de buurt gaat naar plannen van de buurt.
- Aanvragen bespreken met de bewonersraad; Afspraken vastleggen; Laten zien wat het opleverde
* Het wijkbudget Noord
Inloop Havenkade: Iedereen kan binnenlopen met elke vraag.
- Inloophuis openhouden; Vrijwilligers inroosteren; Vragen tellen
Steunpunt geld noord: Geldvragen worden klein gehouden.
- Papieren ordenen met bewoners; Toeslagen nalopen; Doorverwijzen naar schuldhulp
Opstapregisseur noord: Wie zorg mijdt, krijgt toch een uitgestoken hand.
- Bezoeken na zorgmelding; Overleg met politie en ggz; Vertrouwen opbouwen

== WZ | Wijkteam Zuid | ZM | Samenleving | 11
In Zuid lossen we problemen op waar ze ontstaan: in de straat.
Verbinder zuid: Plannen van bewoners komen verder.
- Buurtgesprekken voeren; Subsidie van de buurtkas voorbereiden; Groepen aan elkaar koppelen
Gezinswerker zuid: Kinderen groeien op in rust.
- Thuis en op school meekijken; Opvoedvragen beantwoorden; Hulp op elkaar afstemmen
Wijkverpleging en zorg: Zorg en welzijn weten van elkaar.
- Wekelijks overleg met huisartsen; Ontslag uit ziekenhuis voorbereiden; Mantelzorg ontlasten
Opbouwwerker Lindehof: De Lindehof wordt weer van de bewoners.
- Bewonersgroep begeleiden; Portiekgesprekken voeren; Afspraken met de verhuurder maken
Jongerenwerker zuid: Jongeren krijgen kansen, ook na een fout.
- Sportavonden houden; Met school en ouders praten; Stages zoeken
Taalmaatje zuid: Meedoen begint met een gesprek.
- Taalgroepen starten; Vrijwilligers koppelen; Voortgang vieren
Buurtbemiddelaar: Buren lossen het samen op.
- Gesprekken voeren met beide kanten; Vrijwilligers trainen; Afspraken nabellen
!Nachtwaker wijk: Ook ’s avonds is er iemand.
- Avondrondes lopen; Signalen overdragen; Met horeca en politie afstemmen

== SC | Sport en Cultuur | ZM | Samenleving | 10
Iedereen in Zandermeer kan sporten, maken, lezen en genieten.
Locatiebeheerder sport: Sporthallen die schoon en open zijn.
- Openen en sluiten; Schade melden; Gebruikers helpen
Sportregisseur: Clubs die gezond zijn.
- Clubs adviseren; Sportakkoord uitvoeren; Vrijwilligers waarderen
Zwembadregisseur: Elk kind kan zwemmen.
- Afspraken met zwembad De Golf bewaken; Schoolzwemmen plannen; Waterkwaliteit volgen
* De overeenkomst met zwembad De Golf
Buurtsportcoach: Bewegen is gewoon, op elke leeftijd.
- Lessen geven; Scholen en clubs verbinden; Wandelgroepen starten
Cultuurmakelaar: Makers en publiek vinden elkaar.
- Cultuurfonds uitvoeren; Podia verbinden; Cultuur op school regelen
Bibliotheek en lezen: Niemand blijft zitten met een brief die hij niet kan lezen.
- Afspraken met de bibliotheek volgen; Leesclubs steunen; Het taalhuis huisvesten
Museumverbinder: Ons verhaal wordt verteld.
- Stadsmuseum ondersteunen; Depot bezoeken; Tentoonstellingen met inwoners maken
Beheerder velden: Velden waar je op kunt spelen.
- Veldkeuringen plannen; Onderhoud opdragen; Verlichting regelen
Kunst in de openbare ruimte: Kunst die heel is en iets zegt.
- Onderhoud van beelden; Nieuwe opdrachten begeleiden; De beeldenroute bijhouden
* De beeldenlijst

== SU | Subsidies en Verenigingen | SC | Samenleving | 6
Wie iets doet voor Zandermeer, krijgt eenvoudig en eerlijk steun.
Subsidies: Subsidies zijn op tijd toegekend, met een reden die iedereen snapt.
- Aanvragen beoordelen; Subsidie verlenen binnen de grens van de rol; Afwijzingen uitleggen
* Het subsidieregister
Vaststeller subsidies: Wat verleend is, klopt met wat gedaan is.
- Verslagen beoordelen; Subsidie vaststellen; Terugvordering voorbereiden
Regelmaker subsidies: Regels van één bladzijde.
- Subsidieregels schrijven; Effect bespreken met clubs; Oude regels laten vervallen
Verenigingsloket: Een bestuurder van een club belt één nummer.
- Vragen beantwoorden; Vergunning, zaal en geld aan elkaar knopen; Clubbezoeken doen
Vrijwilligerspunt: Vrijwilligers vinden werk waar ze blij van worden.
- Vacatures van clubs plaatsen; Verzekering regelen; De vrijwilligersprijs voorbereiden
Controleur staatssteun: Steun aan de een schaadt de ander niet.
- Toets op staatssteun doen; Drempels bijhouden; Meldingen doen
Fondsenwerver: Ook andere fondsen betalen mee.
- Fondsen zoeken; Aanvragen helpen schrijven; Netwerk onderhouden

== EC | Economie en Centrum | ZM | Samenleving | 7
Ondernemers hebben ruimte, en het centrum is een plek om te blijven.
Accountmanager bedrijven: Ondernemers kennen één gezicht.
- Bedrijven bezoeken; Vragen binnen een week beantwoorden; Kansen melden
Centrumregisseur: Een levend centrum, ook op dinsdag.
- Leegstand bestrijden; Winkeliers en bewoners verbinden; Inrichting verbeteren
Marktmeester: Een volle en vrolijke markt.
- Plekken toewijzen; Standgeld innen; Nieuwe kramen zoeken
* De indeling van de weekmarkt
Bedrijventerreinen: Terreinen waar plek is voor morgen.
- Uitgifte regelen; Parkmanagement steunen; Energiehub begeleiden
Toerisme en water: Bezoekers komen, bewoners houden plezier.
- Jachthaven en routes verbeteren; Overnachtingen tellen; Arrangementen maken
Startersloket: Een goed idee wordt een bedrijf.
- Spreekuren houden; Regels uitleggen; Starters aan elkaar koppelen
Arbeidsmarktmakelaar: Scholen leiden op voor werk in de streek.
- Techniekdagen organiseren; Stageplekken vinden; Cijfers over tekorten delen

== OC | Orde en Crisis | ZM | Samenleving | 5
Op de slechtste dag staan we er, samen en voorbereid.
Adviseur openbare orde: De burgemeester heeft op tijd een goed advies.
- Driehoek voorbereiden; Maatregelen opstellen; Demonstraties begeleiden
Crisiscoördinator: Bij een ramp weet iedereen wat te doen.
- Crisisplan actueel houden; Oefeningen houden; Piket indelen
* Het crisisplan en het piketrooster
Opvangleider: Wie weg moet, vindt een bed en een luisterend oor.
- Opvanglocaties bijhouden; Vrijwilligers oefenen; Registratie regelen
Veiligheid evenementen: Veel mensen, geen ongelukken.
- Veiligheidsplannen beoordelen; Schouwen bij evenementen; Evaluaties schrijven
Zorg en veiligheid: Mensen die vastlopen, krijgen hulp en grenzen.
- Overleg leiden over casussen; Nazorg na detentie regelen; Verplichte zorg voorbereiden
Weerbare inwoners: Elk huis redt zich drie dagen.
- Voorlichting geven; Buurten met noodsteunpunt helpen; Buurtapps verbinden
"""
