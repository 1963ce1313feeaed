/// Passwords that stand near the top of every published list, as words without the digits and signs around them, and
/// longer ones whose digits belong to them.
///
/// Written down from general knowledge; lower case, without diacritics.
///
/// Only exact matches count: the whole folded password, or its core (`PasswordBlocklist.cores`). Servers that load a
/// set of breached passwords (Docs/BreachedPasswords.md) keep this list as well.
enum CommonPasswords {
    /// True if `folded` is one of them.
    static func contains(_ folded: String) -> Bool { words.contains(folded) }

    /// The number of entries.
    static var count: Int { words.count }

    private static let words = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))

    private static let text = #"""
        !@#$%^&* !@#$%^&*() !@#$%^&*()_+ !qaz2wsx !qaz@wsx !qaz@wsx#edc 01020304 010203040506 02020202 0987654321
        09876543211 0o9i8u7y 0p9o8i7u 10203040 1020304050 102030405060 1029384756 11223344 1122334455 112233445566
        11223344556677 12121212 1212312121 123!@#qwe 123123123 123321123321 12344321 123454321 12345654321 1234567654321
        123456789a 123456789abc 12345qwert 1234qwer 1234qwerasdf 123654789 123qweasd 123qweasdzxc 13131313 147258369
        147258369147258 147852369 159357258456 159753159753 16180339 19691969 19841984 1a2b3c4d 1a2b3c4d5e 1lovegod
        1loveyou 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r5t6y7u8i 1q2w3e4r5t6y7u8i9o0p 1qaz!qaz 1qaz2wsx
        1qaz2wsx3edc 1qaz2wsx3edc4rfv 1qaz2wsx3edc4rfv5tgb 1qaz@wsx 20202020 24hours365days 24x7x365 258456258 27182818
        2718281828 2cool4you 2fast2furious 2hot4you 2sexy4you 2wsx#edc 31415926 3141592653 314159265358979 4ever4ever
        4everyours 4getaboutit 4getmenot 50cent50cent 5201314520 52013145201314 741852963 789456123 789456123789456
        963852741 987654321 a123456789 a1b2c3d4 a1b2c3d4e5 a1b2c3d4e5f6 a1s2d3f4 a1s2d3f4g5h6 aa123456 aaaaaa aabbccdd
        abc123abc123 abcabc abcd abcd1234 abcdabcd abcde abcdefg abcdefgh abcdefghi abcdefghij abcdefghijkl abcxyz
        abdullah abigail abracadabra access accessdenied accord account accounting accounts acmilan actor actress admin
        admin12345 admin123456 admin@123 adminadmin administrator admiral africa agent007 ahmed airforce ajax
        akunamatata alabama aladdin alakazam alaska alejandra alejandro alessandra alessandro alexander alexandra
        alexandre alexey alien aliens allah allahuakbar allstar alone alphabet altima always alwaysandforever amanda
        amazing amazinggrace amazon amazonaws amber amen america american anaconda anakin anastasia andrea andrei andrew
        android angel angela angeleyes angelica angelina angelo angels angelwings anger angry anniversary anonymous
        anthony antidisestablishmentarianism antonio anybody anyone anything apache apple applepie apples april aragorn
        arduino argentina ariel arizona army arschloch arsehole arsenal artist asd123asd123 asdasd asdasdasd asdf
        asdfasdf asdfgh asdfghj asdfghjkl asdfghjklqwertyuiop asdfjkl asdfqwer asdzxc ashley assassin asshat asshole
        astros atlanta atletico audi august aussie austin australia austria autumn avengers awesome awesomeness ayesha
        azerty azertyuiop azure b4seball babies baby babyangel babyblue babyboy babycakes babydoll babyface babygirl
        babyphat bacardi backup bacon badass bailey baltimore bambi banana bananas bandit bangladesh bank banking
        bankofamerica barackobama barbara barcelona barney bart bartsimpson baseball basketball bass bastard bastardo
        batman baxter bayern bayernmuenchen beach beaches bear bears beatles beautiful beautifulgirl beauty beckham beer
        beers beijing belgium believe believer bella benfica bengals benjamin benji berlin besiktas bestfriend
        bestfriends beyonce bible biden bigboobs bigboy bigbrother bigcock bigdaddy bigdick bigdog bigfoot biggie bigmac
        bigman bigred bigtits biking billionaire biology birthday bismillah bitch bitchass bitches bitcoin black
        blackberry blackbird blackcat blackdog blackhole blackjack blackmagic blackrose blacksheep blah blahblah blazeit
        bleach blessed blessing blessings blink blink182 blizzard blockchain blowjob blue blueberry blueblue bluemoon
        bluesky blyad bobafett bobby bobmarley boca bollocks bonnie boobies boobs boomer borussia boston bowling boxing
        boyfriend brandon brandy brasil braves brazil breakingbad brenda brian britney britneyspears brittany broadway
        broken brokenangel brokenheart bronco broncos bronx brooklyn brother brothers brown brownie browns bruno brutus
        buddha buddhism buddy budlight budweiser buffalo bulldog bulldogs bulls bullshit bunnies bunny burgerking
        burrito bush business buster butter butterball buttercup butterflies butterfly c3por2d2 cabron california
        callofduty camaro camera camila camping camry canada canadian candy candyman cannabis captain captainamerica
        captainmorgan cardinals carlos carol carolina caroline carpediem carrot cartman casey cash cashmoney casino
        cassie catherine catwoman cavaliers cazzo celtic celtics centos challenger champion champions championship
        changeit changem3 changeme changeme1 charger chargers charizard charles charlie charlotte chase cheerleader
        cheerleading cheese cheeseburger cheesecake cheesey cheetah chelsea chelseafc chemistry cherry cheryl chester
        chevrolet chevy chewbacca chiara chicago chicken chickens chico children chile china chinese chinga chloe
        chocolate chocolatecake christ christian christina christine christmas christopher chrome church cincinnati
        cinderella cinema cinnamon cisco citibank civic claudia cleveland client clients clinton clyde cobra cocacola
        cocaine cock cocksucker coco coconut cody college colombia colonel colorado colts commander company computer
        computers connard contrasena cookie cookiemonster cookies cool coolcat cooldude coolguy coolio coolness cooper
        corinthians corolla corona coronavirus corporate correcthorse correcthorsebatterystaple corvette counterstrike
        courtney covid cowboy cowboys cowgirl crazy crazyboy crazyfrog crazygirl crazylove creditcard creed cricket
        cristiano cristianoronaldo crying crypto crystal cuba cubs cuddles cullen cupcake customer customers cute
        cutie cutiepie cycling cynthia daddy daddysgirl daenerys daisy dakota dallas dance dancer dancing daniel
        danielle darkangel darkknight darklord darkness darkside darling darthvader database david deadpool death
        deathnote deathstar debbie debian deborah december default delivery demo demo1234 demodemo demon demons denise
        denmark denver depressed desert destiny destroy destroyer destruction detroit developer devil devils dexter
        dezember diablo diamond diamondgirl diamonds diana diane dick dickhead dictionary diesel disney disneyland dixie
        dmitry docker doctor dodge dodgers dogecoin doggie doggy dogs dollar dollars dolphin dolphins dominic dominique
        donaldduck donaldtrump donna dontforget donthackme dontknow donttouch dontworry doom dorothy dortmund dracula
        dragon dragon123 dragonball dragonballz dragonfly dragons drdre dream dreamer dreaming dreams drogba drpepper
        drummer drums drunk drupal ducati duck ducks ducky duke dumbass dumbledore dusty dylan eagle eagles earthquake
        easter eduardo edward egypt eight ekaterina elastic elephant elizabeth elsa elvis elvispresley emerald emily
        eminem emma emperor empire employee encyclopedia engineer engineering england english enterprise erotic espana
        esxi eternity ethereum evangelion everlasting everton everybody everyday everything evil example exodus explorer
        extraordinary f00tball facebook faith faithful faithhopelove falcon falcons fall families family familyfirst
        familyguy fantastic fate father fatherhood fatima fcbarcelona februar february federica fedora felix fenerbahce
        fernando ferrari feyenoord ficken fiesta fiftycent finalfantasy finance finland fire fireball firebird
        firefighter firefly firefox fireman first firstlove fisherman fishing five fivekids fivestar flamengo flames
        florian florida flower flowerpower flowers fluffy focus football footballs ford fordmustang forest forever
        foreverlove forevermore foreveryoung forget forgetme forgot fortnite four fourkids france francesca francesco
        francisco frankfurt freddie freedom french fresh friday friend friends friendsforever friendship frodo froggy
        frogs frozen fruehling fuck fucker fuckers fucking fuckit fuckme fuckoff fuckthis fuckyou fuckyoubitch fullmoon
        funky funny funnyman futurama g0d1sg00d gabriel gabriela gabriella galatasaray galaxy gambler gameofthrones
        gandalf ganesh ganesha gangsta gangster ganja garden gardens garfield general genesis geography george georgia
        german germany gerrard getmoney ghost ghostrider ghosts giants ginger giovanni giraffe girlfriend github gitlab
        giulia gizmo gmail godbless godblessamerica godblessyou godfather godisgood godislove gohan goku gold golden
        goldeneye goldfinger goldfish goldie golf golfer golfgti goodbye goodmorning goodnight goofy google goose
        gorgeous gorilla gospel gothic grace grafana grandma grandpa grantaccess gray greece green greenbay greenday
        greenlight greentea griffin grizzly gryffindor guest guest1234 guineapig guinness guitar guitarist guitars
        gundam hacker hackers hacking hackme hahaha hakunamatata hallelujah halloween halo hamburg hamburger hamster
        handjob handsome hannah hansolo hanuman happiness happy happybirthday happyday happydays happyface happyfeet
        happygirl happylife happyness happynewyear hardcore hardware harley harleydavidson harleyquinn harrypotter haslo
        hassan hate hateyou hatred hawaii hawk hawks heart heartbreak heartbreaker hearts heather heaven heavenly
        heavymetal hehehe heineken heisenberg hell hellboy hellfire hello hellokitty hellothere helloworld hellraiser
        helpdesk henry herbst hercules hermione heroin highschool hinata hiphop history hobbit hockey hocuspocus
        hogwarts holiday holidays holland hollywood holyghost holyspirit homer honda honey honeybee honeybunny hongkong
        hooker hope hopeful horny horse horses hostmaster hotboy hotdog hotgirl hotmail hotrod hotstuff hottie houston
        howareyou howdoyoudo hubby hulk human hunter hunting hurensohn hurricane husband huskies husky hussein hustler
        hyperv hyundai iamawesome iamgod iamthebest iamtheking iamyours ibrahim ibrahimovic icanttell icecream iceland
        ichigo idontcare idontknow iforgot ihatethis ihateyou ilovedad ilovefood ilovegod ilovejesus iloveme ilovemom
        ilovemum ilovemusic ilovemycat ilovemydog ilovemyfamily ilovemykids ilovemylife ilovemyself ilovemywife
        iloveporn ilovesex iloveyou iloveyou2 iloveyoubaby iloveyouforever iloveyoumore iloveyousomuch impala imperial
        impreza india indian indonesia inferno infinity ingrid insane instagram intermilan internet inuyasha invierno
        ipad iphone ipod ireland irish ironman isabel isabella islam islamic island islands israel itachi italia italy
        itsmypassword jackass jackdaniels jackie jackoff jackpot jackson jacob jaguar jaguars jaishreeram james
        jamesbond007 jameson januar january japan japanese jasmine jason jasper java javascript jayz jazz jedi
        jedimaster jeep jenkins jennifer jersey jessica jessie jesus jesuschrist jesusfreak jesusisking jesusislord
        jesuslovesme jesussaves jetta jewel jewels jimmorrison joker jonathan jonsnow joomla jordan joseph joshua
        juergen julia julian juliana julie july june juniper justice justin juventus kaka kakashi kali kangaroo kanye
        karate karin karma katherine kathryn katie kawasaki kelly kelsey kenny kentucky kenya kevin keyboard khaleesi
        khalid kibana kids killbill killer killerbee killers killme kimberly king kingdom kingdomhearts kingkong kings
        kitten kittens kitty kittycat knicks knight knights koala kobe kobebryant korea korean korn krishna kubernetes
        kurwa lakers lalala lamborghini lancer lannister laptop lasagna lasvegas laughlove laura lauren lawyer lazio
        lebron ledzeppelin leeds legend legendary legends legion legolas lemon lemonade lennon leonardo leopard lesbian
        letmein letmein1 letmeinnow letsgo letsgobrandon liberty lieutenant lightning lightsaber lilies lilwayne lily
        limpbizkit linda lindsey lingerie linkedin linkinpark linux lion lionelmessi lionking lions livefree
        livelaughlove livelife liverpool liverpoolfc lizard lkjhgfdsa lmao logan login login123 logon lololol london
        lonely lonelygirl lord lordoftherings lorenzo losangeles lottery louisiana lovebug loveforever lovelife lovelove
        lovely loveme lover loverboy lovergirl lovers loveyou loveyouforever lozinka lucifer lucky lucy luffy luigi
        lukeskywalker lulu lunatic macaroni macbook macintosh madison madonna madrid maerz maga magento maggie magic
        magical magician mainframe major malaysia management manager manchester manchesterunited mancity mandy mango
        manhattan maniac manuela manunited manutd maradona marcela march marco margaret maria mariana marijuana marina
        marine mariners marines mario market marketing marley martina mason master master123 mastercard masterkey
        mastermaster matchbox20 math mathematics matrix matteo matthew maximilian maxwell maytheforce
        maytheforcebewithyou mazda mccartney mcdonalds meatball megan melbourne melissa memento memphis mercedes
        mercedesbenz merde merkel merrychristmas messi metal metalgear metalhead metallica mets mexican mexico miami
        michael michaeljackson michaeljordan michelle michigan mickey mickeymouse microsoft midnight mierda milano
        military million millionaire milo minecraft minnesota minnie minniemouse miracle miracles miserable mississippi
        missy misty mitsubishi mnbvcxy mnbvcxz mobil mobile model models mohamed mohammad mohammed molly mommy monday
        money moneymaker moneymoney monica monika monique monitor monkey monkey123 monkeys monster monsterenergy
        montreal moonlight moonshine moonstone mordor morgan morpheus moscow motdepasse mother motherfucker motherlove
        motorola mountain mountaindew mountains mouse movie movies muffin muffy muhammad mulan murder murderer murphy
        music musica musiclover musicman muslim mustafa mustang mustanggt mustangs myangel mybabies mybaby myboy mycat
        mychildren mydog myfamily mygirl myheart myhouse mykids mylife mylove mylover mynameis mypassword mypasswordis
        mysecret myself myspace mysql mystery mystic mysunshine myworld nachos nagios naked nala namaste napoli naruto
        nashville natalie natasha nathan naughty navidad navy navyseal ncc1701d nemo netflix netherlands network nevada
        newcastle newjersey newmoon newpassword newyear newyork newyorkcity newzealand neymar nginx nicholas nicole
        nigeria nightmare nine nineeleven ninja ninjas nintendo nirvana nissan nitro nobody nokia noodles
        noone nopassword norway nothing notmypassword november nude number numberone numbers nurse nursing nutella
        oakland obama obiwan ocean oceans october office ohio oktober olaf oldpassword oliver olivia omar omnamahshivaya
        oneday onedirection onelife onelove oneonetwo onepiece onetime onetwothree onetwothreefour oneworld opensesame
        openup opera operator oracle orange oranges orchestra orchid oregon oreo orgasm orioles orlando oscar overwatch
        p0o9i8u7 p0o9i8u7y6 p455w0rd p@$$w0rd pa$$w0rd pa55word pacers packers pacman padres painter pakistan palmeiras
        pamela pancake panda pandas pandemic panther panthers paris parola parrot pass pass1234 pass12345 pass123456
        pass@123 pass@word1 passat passcode passphrase passw passw0rd passw0rd! passwd password password@123
        passwordisstrong passwordpassword passwords passwort patches patricia patrick patriots paypal peace peaceandlove
        peaceful peaches peacock peanut peanutbutter pearl pebbles pegasus pendejo penguin penguins penthouse pepper
        peppers pepsi perl personnel peru peterpan petra phantom philadelphia philippines phillies phoenix phone photo
        photography phpmyadmin physics piano picard pickles picture pigeon pikachu pilot pimp pimpin pineapple pink
        pinkfloyd pinkpanther pinoy pirates pistons pittsburgh pizza pizzahut pizzapizza platinum playboy playgirl
        playstation pneumonia pocahontas poison poiuytrewq pokemon poker pokerface poland police policeman polska
        popstar porn pornstar porsche portland porto portugal postgres postmaster potato praise praisegod praisethelord
        pray prayer predator pretty prettyboy prettygirl prettywoman primavera prince princesa princess princesse
        principessa printer prinzessin private product products programmer project projects prometheus proxmox psalm
        psycho pumpkin punk punkrock puppies puppy puppylove purchase purple purplerain pussy pussycat puta putain
        putamadre putin python q1w2e3r4 q1w2e3r4t5 q1w2e3r4t5y6 q2w3e4r5 qazwsx qazwsxedc qazwsxedcrfv quake quarantine
        queen queenbee queens qwaszx qwe!@#123 qwe123asd123 qwe123qwe123 qweasd qweasdyxc qweasdzxc qweqwe qweqweqwe
        qwer1234 qwerasdf qwerasdfzxcv qwerqwer qwert qwerty qwerty12345 qwertyu qwertyui qwertyuiop qwertyuiopasdfghjkl
        qwertyuiopasdfghjklzxcvbnm qwertz qwertzuiop r2d2c3po rabbit rabbits racecar racer rachel racing raiders rails
        rain rainbow rainbows raindrop rainy ramen ranger rangers rapper rascal raspberry raspberrypi rasta raven ravens
        realmadrid rebecca redbull reddevil redeemer redhat redhead redneck redred redrose redskin redskins redsox
        reggae remember rememberme resources rich richard rider riding rihanna ringo river riverplate robert roberto
        roblox rock rocker rockets rocknroll rockon rockstar rocky rockyou rofl rollingstones roma rome romeo ronaldinho
        ronaldo rooney rooster root root1234 rootroot rose roses roxy royal royalty rubberduck ruby rufus rugby runner
        running russia russian rusty s3curity sabine sacramento sadie safari saibaba sailormoon saints saiyan sakura
        salasana sales salvation samantha sammy sample samsung samuel samurai sandiego sandra sanfrancisco santos
        sapphire sarah sassy sasuke satan saturday sauron sausage savior saxophone schalke scheisse school science
        scooby scoobydoo scooter scorpio scorpion scotland scottish seahawks seattle sebastian second secret secrets
        secretsecret secure secured security semperfi senha september sergeant sergey server service services sesame
        seven sexmachine sexsex sexual sexy sexybitch sexyboy sexygirl sexylady sexymama shadow shadowfax shadows
        shakira shanghai shannon shark sharks sharon shipping shit shithead shiva shogun shop shopping signin signup
        silver silverado silverfox simba simpsons singapore singer singing sister sisters sith skateboard skater skating
        skittles skyline skywalker sleepingbeauty slimshady slipknot slytherin smile smiles smiley smiling smoke
        smokey smokie smoking snape snickers sniper snoopdogg snoopy snow snowball snowboard snowboarding snowflake
        snowman snowwhite soccer sofia softball software soldier soldiers somebody someone something sommer sonic sony
        sophia sophie soul souljaboy soulmate southpark spaghetti spain spanish sparky spider spiderman spiders spike
        spirit spirits splunk spock spongebob spooky sporting spotify spring springbreak springtime spurs squarepants
        srilanka st4rwars stacey staff stallion star starbucks starcraft starfish stargate stark starlight stars
        starship starstar startrek starwars statesofamerica stayhungry steelers stefanie stefano stella stephan
        stephanie steven stitch stoner store storm stormtrooper stormy strawberry stripper strongpassword stronzo
        student students stuttgart subaru success successful sugar sugarplum suicide suka summer summertime sunday
        sunflower sunflowers sunny sunrise suns sunset sunshine sunshines sup3rman superboy supercalifragilistic
        supercalifragilisticexpialidocious supergirl superhero superman supersecret superstar superuser supervisor
        support supra surfer surfing susan susanne sushi suzuki svetlana swan sweden sweetdreams sweetheart sweetie
        sweetness sweetpea sweety swimmer swimming switzerland sydney sysadmin system taco tacobell taiwan tatiana
        taylor teacher teachers tears techno teddybear telephone temp temp1234 temporary tennessee tennis tequila teresa
        terminator test test@123 tester testing testpass testtest testuser tetris texans texas thailand thanksgiving
        theater thebeatles thedoors thematrix thepassword theresa third thisisapassword thisisasecret thisisme
        thisismypassword thisispassword thomas thor thorsten three threekids thug thuglife thunder thunderbolt thursday
        tiffany tiger tigers tigger tinker tinkerbell titanium titans tits titties tobeornottobe tobias toby together
        togetherforever tokyo tomato tomcat toor topsecret tornado toronto torres tothemoon totoro tottenham toyota
        tracy trance treasure trigger trinity trixie truck trucker trucks truelove trueloves trump trumpet trunks trust
        trustgod trustme trustno trustno1 trustno1trustno1 trustworthy truth tsunami tucker tuesday tulip tupac turbo
        turkey turkiye turtle turtles twat twilight twinkle twins twitter tyler u2u2u2u2 ubuntu uchiha ukraine unicorn
        unicorns unitedstates university unix unknown ursula usausa user user1234 user12345 username users usetheforce
        usmc vacation vaccine vaffanculo valentina valentine valentines valeria vampire vampirediaries vampires
        vancouver vanessa vanilla vegeta venezuela verano veronica victoria victory vietnam vikings violet violin viper
        virginia visa vladimir vmware vodka volcano voldemort volkswagen volleyball w2e3r4t5 wachtwoord waffle wales
        walkingdead wallet wanker warcraft warrior warriors wasd washington wassup water waterfall watermelon webmaster
        wedding wednesday weed weekend welcome welcome@123 welcomeback welcomehome wellsfargo wendy werder werewolf
        westham whale whatever whatisthis whatisyourname whatsup whatthe whiskers whiskey white whitehouse whiterose
        whitetiger whitney whoami whoareyou whocares wicked wife william willow windows winner winners winnie
        winniethepooh winning winston winter winterfell winteriscoming wintertime wireless wisconsin witch witchcraft
        wizard woaini1314520 wolf wolfgang wolfpack wolfram wolverine wolves wonderful wonderland wonderwoman wordpress
        wrangler wrestler wrestling wsxedc xbox xmas xxxxxx yahoo yamaha yankees yellow yoda yomama youareloved yourmom
        yourmother yourmum youtube yusuf z1x2c3v4 zabbix zachary zaq!2wsx zaq12wsx zaq1xsw2 zaq1zaq1 zaqwsx zaqxsw zebra
        zelda zeppelin zeus zidane ziggy zombie zombies zorro zxcv zxcvbn zxcvbnm zxcvbnmasdfghjkl zxczxc zzzzzz
        """#
}
