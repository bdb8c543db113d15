# ruff: noqa: E501, SIM905  (lists of words read best as lines of words)
"""What the businesses of a generated city are made of: trades, words and syllables. No line names a person.

One trade a line: share of the city; subsector; KBLI 2025 (the reference table may lack it); what a name
begins with; what may follow; what they do; products with a price in rupiah and a unit.
"""

TRADES = """
90|kuliner|10794|Keripik,Kripik,Aneka Keripik,Kerupuk,Krupuk,Keripik Tempe,Rempeyek,Peyek,Rengginang,Opak|Singkong,Pisang,Usus,Buah,Bayam,Apel,Nangka,Jamur,Udang,Balado,Original,Talas,Ceker|Keripik dan kerupuk|Keripik tempe 250 g:12000:bungkus,Keripik buah 200 g:18000:bungkus,Kerupuk udang:15000:bungkus,Rempeyek kacang:10000:bungkus,Keripik singkong balado:11000:bungkus
30|kuliner|10307|Tempe,Tempe Segar,Pabrik Tempe,Mendol|Kedelai,Daun,Kacang,Higienis|Tempe dan mendol|Tempe bungkus daun:5000:bungkus,Mendol:10000:isi 10,Tempe mentah:7000:papan
14|kuliner|10308|Tahu,Pabrik Tahu,Tahu Sutra|Putih,Kuning,Walik,Bulat|Tahu kedelai|Tahu putih:5000:isi 10,Tahu walik:10000:isi 10
60|kuliner|10792|Kue Basah,Kue,Jajanan Pasar,Dapur Kue,Lapis,Lumpia,Risoles,Donat|Tradisional,Legit,Kukus,Mayo,Kentang,Ubi,Pandan|Kue basah dan jajanan pasar|Kue lapis:3000:potong,Risoles mayo:4000:buah,Lumpia:3500:buah,Donat kentang:2500:buah,Onde-onde:2000:buah
45|kuliner|10710|Roti,Bakery,Kue Kering,Cookies,Cake,Bolu,Brownies|Nastar,Kukus,Panggang,Gulung,Cokelat,Keju,Sisir,Homemade|Roti dan kue kering|Nastar 500 g:65000:toples,Kastengel 500 g:70000:toples,Brownies kukus:40000:loyang,Roti sisir:12000:bungkus
70|kuliner|56101|Bakso,Bakso Malang,Cwie Mie,Mie Ayam,Pangsit,Siomay,Batagor|Urat,Bakar,Solo,Granat,Mercon,Jumbo,Tahu|Bakso dan mi ayam|Bakso campur:15000:porsi,Cwie mie:13000:porsi,Mie ayam:12000:porsi,Siomay:10000:porsi
105|kuliner|56101|Warung Nasi,Warung,Warung Makan,Depot,Rumah Makan,Nasi Goreng,Soto,Rawon,Pecel,Ayam Geprek,Ayam Goreng,Lalapan,Sate,Gado-gado,Rujak,Penyetan|Lamongan,Madura,Kambing,Ayam,Daging,Lele,Bebek,Cingur,Pedas,Mercon,Kremes,Tempong|Makanan siap saji|Nasi pecel:10000:porsi,Rawon:18000:porsi,Soto ayam:12000:porsi,Ayam geprek:13000:porsi,Lele penyet:14000:porsi,Sate ayam:16000:porsi,Rujak cingur:15000:porsi
50|kuliner|56303|Kopi,Warkop,Kedai Kopi,Kedai,Coffee,Angkringan,Wedangan,Kafe,Cafe|Tubruk,Robusta,Dampit,Rempah,Susu,Jadoel|Kopi dan jajanan|Kopi tubruk:6000:cangkir,Kopi susu:12000:gelas,Wedang jahe:7000:gelas,Pisang goreng:8000:porsi
35|kuliner|56304|Es,Es Teh,Jamu,Sari Buah,Es Dawet,Es Campur,Jus,Sinom,Thai Tea,Es Kelapa|Degan,Cincau,Kacang Hijau,Beras Kencur,Apel,Alpukat,Jeruk,Jumbo|Minuman segar dan jamu|Beras kencur:5000:gelas,Sari apel 330 ml:7000:botol,Es dawet:6000:gelas,Jus alpukat:10000:gelas
45|kuliner|56210|Katering,Catering,Dapur,Nasi Kotak,Tumpeng,Aneka Masakan,Pawon|Sehat,Harian,Aqiqah,Pesta,Rumahan|Pesanan nasi kotak dan tumpeng|Nasi kotak:20000:kotak,Tumpeng mini:35000:porsi,Prasmanan:45000:porsi
14|kuliner|10771|Sambal,Bumbu,Kecap,Abon,Sambel Pecel,Petis|Bawang,Pecel,Teri,Sapi,Tuna,Roa,Instan|Bumbu dan lauk kering|Sambal pecel 250 g:15000:bungkus,Abon sapi 100 g:35000:bungkus,Sambal bawang:20000:botol
12|kuliner|10739|Cokelat,Permen,Manisan,Dodol,Jenang,Gulali|Apel,Susu,Tape,Ketan,Mangga,Karamel|Manisan dan cokelat|Jenang apel:22000:kotak,Cokelat praline:30000:kotak,Manisan mangga:14000:bungkus
10|kuliner|10120|Frozen Food,Nugget,Sosis,Pentol,Dimsum,Rolade|Ayam,Ikan,Sapi,Kuah,Bakar,Mentai|Olahan daging beku|Nugget ayam 500 g:32000:bungkus,Dimsum:15000:isi 5,Pentol:10000:porsi
120||47112|Toko Kelontong,Warung Kelontong,Toko,Toko Sembako,Kelontong,Klontong,Pracangan,Mracang,Agen|Sembako,Serba Ada,Grosir,Eceran,Beras,Murah|Kebutuhan sehari-hari dan sembako|Beras 5 kg:72000:karung,Minyak goreng:18000:liter,Gula pasir:17000:kg,Telur:28000:kg
20||47213|Sayur,Lijo,Sayuran Segar,Mlijo,Buah,Kios Buah|Keliling,Organik,Segar,Pagi|Sayur dan buah segar|Sayur sop:5000:paket,Jeruk:22000:kg,Pisang:18000:sisir
16||47214|Ayam Potong,Telur,Daging Segar,Ikan Segar,Lapak Ikan|Kampung,Bebek,Puyuh,Asin,Broiler|Ayam, telur dan ikan|Ayam potong:36000:kg,Telur asin:4000:butir
60|fesyen|14120|Konveksi,Penjahit,Modiste,Jahit,Taylor,Butik,Permak,Vermak|Kebaya,Seragam,Jas,Gorden,Levis,Muslim,Gamis|Jahitan pesanan dan pakaian jadi|Jahit kemeja:90000:potong,Gamis:175000:potong,Seragam sekolah:110000:setel,Permak celana:15000:potong
34|fesyen|47711|Hijab,Fashion,Busana,Distro,Baju Anak,Grosir Baju,Outfit,Daster|Muslimah,Anak,Remaja,Bayi,Batik,Rayon|Pakaian dan hijab|Hijab segi empat:35000:lembar,Daster batik:45000:potong,Kaos sablon:65000:potong
14|fesyen|15201|Sepatu,Sandal,Alas Kaki,Sol Sepatu|Kulit,Spon,Anak,Lukis,Rajut|Sepatu dan sandal|Sandal kulit:85000:pasang,Sepatu lukis:180000:pasang
22|kriya|13133|Batik,Batik Tulis,Batik Cap,Rumah Batik,Ecoprint|Malangan,Jumputan,Topeng,Alam,Canting|Batik tulis, cap dan ecoprint|Batik tulis:450000:lembar,Batik cap:185000:lembar,Syal ecoprint:150000:lembar
24|kriya|14301|Rajut,Tas Rajut,Kerajinan,Handicraft,Bordir,Sulam,Tas,Dompet|Benang,Pita,Perca,Kulit,Anyam,Manik|Tas rajut dan kerajinan tangan|Tas rajut:120000:buah,Dompet kulit:95000:buah,Taplak sulam:80000:lembar
14|kriya|16291|Rotan,Anyaman,Bambu,Kerajinan Rotan,Mebel Rotan|Kursi,Keranjang,Sangkar,Tampah|Kerajinan rotan dan bambu|Kursi rotan:650000:buah,Keranjang rotan:85000:buah,Tampah:25000:buah
18|kriya|31011|Mebel,Meubel,Furniture,Kusen,Ukir|Jati,Kayu,Minimalis,Palet,Dapur|Mebel kayu pesanan|Kursi tamu:1750000:set,Lemari:2200000:buah,Meja belajar:650000:buah
10|kriya|23932|Keramik,Gerabah,Pot,Souvenir|Dinoyo,Hias,Tanah Liat,Mini,Nikah|Keramik, gerabah dan cendera mata|Cangkir keramik:35000:buah,Pot gerabah:25000:buah,Souvenir nikah:4000:buah
8|kriya|32903|Topeng,Lukisan Kaca,Miniatur,Aksesori,Hantaran,Mahar|Malangan,Kayu,Akrilik,Resin,Bunga Kering|Kerajinan hiasan|Topeng hias:125000:buah,Mahar akrilik:250000:buah
34||96100|Laundry,Binatu,Cuci Setrika,Laundri|Kiloan,Express,Sepatu,Karpet,Koin|Cuci dan setrika|Cuci setrika:6000:kg,Cuci sepatu:25000:pasang
28||96210|Salon,Pangkas Rambut,Potong Rambut,Barbershop,Rias,Rias Pengantin,Kecantikan|Pria,Muslimah,Anak,Kekinian,Madura|Potong dan rias rambut|Potong rambut:15000:orang,Creambath:45000:orang,Rias wisuda:150000:orang
40||95320|Bengkel,Bengkel Motor,Tambal Ban,Cuci Motor,Servis Motor,Las,Bengkel Las,Variasi|Listrik,Matic,Tubles,Bubut,Knalpot,Karbit|Servis sepeda motor dan las|Servis ringan:45000:kali,Tambal ban:12000:kali,Pagar besi:450000:meter
16||95210|Servis Elektronik,Service HP,Reparasi,Servis AC,Pulsa,Konter|Kulkas,Komputer,Laptop,Jam,Kompor,Televisi|Reparasi barang elektronik|Servis kulkas:150000:kali,Ganti layar:250000:kali
18|desain_komunikasi_visual|18111|Fotokopi,Foto Copy,Percetakan,Sablon,Printing,Digital Printing,Undangan|Kaos,Spanduk,Stiker,Plastik,Nikah,Kilat|Fotokopi, cetak dan sablon|Spanduk:22000:meter,Sablon kaos:25000:potong,Undangan:2500:lembar
7|fotografi|74209|Foto,Studio Foto,Video Shooting,Dokumentasi|Wedding,Wisuda,Kilat,Produk|Foto dan video acara|Foto wisuda:150000:paket,Video acara:1500000:paket
5|aplikasi|62199|Jasa Web,Software,Aplikasi,Komputer,Digital|Kasir,Sekolah,Toko,UMKM|Pembuatan situs dan aplikasi|Situs toko:2500000:paket
6|seni_pertunjukan|90200|Sanggar Tari,Orkes,Sound System,Sewa Terop,Terop,Jaranan|Modern,Campursari,Pengantin,Besar|Hiburan dan perlengkapan acara|Sewa terop:400000:hari,Sound system:900000:hari
10||77291|Persewaan,Rental,Sewa,Rental Mobil,Sewa Alat|Pesta,Baju Adat,Kamera,Tenda,Kostum|Persewaan barang dan kendaraan|Sewa kostum:75000:hari,Sewa mobil:350000:hari
14||01301|Tanaman Hias,Kembang,Bunga,Florist,Bibit,Anggrek|Potong,Papan,Buah,Bonsai,Kaktus|Tanaman hias dan bunga|Anggrek bulan:85000:pot,Bunga papan:500000:buah,Kaktus mini:15000:pot
12||01462|Ternak,Peternakan,Pakan,Lele,Kolam,Jangkrik,Kambing|Ayam,Puyuh,Aqiqah,Burung,Nila,Petelur|Ternak dan ikan|Lele segar:26000:kg,Telur puyuh:32000:kg,Kambing aqiqah:2200000:ekor
9||85595|Les,Bimbel,Kursus,Bimbingan Belajar,Privat|Matematika,Inggris,Menjahit,Komputer,Mengaji,Calistung|Kursus dan bimbingan belajar|Les privat:50000:pertemuan,Kursus menjahit:600000:paket
6||86992|Pijat,Terapi,Bekam,Refleksi,Pijat Bayi|Urut,Herbal,Tradisional,Sehat|Pijat dan terapi tradisional|Pijat:70000:jam,Bekam:85000:kali
8||20231|Sabun,Parfum,Skincare,Lilin,Deterjen|Cair,Herbal,Susu,Aromaterapi,Laundry|Sabun dan wewangian|Sabun cair 1 l:18000:botol,Parfum laundry:35000:botol
"""

HONORIFICS_F = "Bu Bu Bu Bu Ibu Ibu Mbak Mbak Mba Bunda Mbok Hj Ning".split()
HONORIFICS_M = "Pak Pak Pak Pak Bapak Cak Cak Mas Mas H Haji Mbah Abah Pk".split()

FEMALE = """Sri Siti Endang Wiji Sumiati Lestari Rini Dewi Yuni Ningsih Kartini Wulan Ratna Indah Tutik
Suprapti Mujiati Rohmah Aminah Fatimah Nur Lilis Yanti Retno Astuti Umi Khotimah Sulastri Winarti Puji Murni
Titik Asih Kustini Rukmini Sunarti Maryam Juminten Tumini Lasmi""".split()
MALE = """Slamet Agus Budi Joko Bambang Sutrisno Hadi Wahyu Eko Dwi Tri Sugeng Suyono Mulyono Imam Arif Samsul
Mukidi Tarno Gunari Karjo Paimin Supardi Anwar Yusuf Rahmat Hariyanto Santoso Purnomo Widodo Kuncoro Fajar
Rizal Ilham Mistari Kasiyan Ngatemin Legiman Poniran Wagiman""".split()
FAMILY = """Wijayanti Lestari Handayani Setiawan Pratama Santoso Wibowo Saputra Rahayu Susanti Purwanto Hidayat
Nugroho Kurniawan Utami Maulana Firmansyah Anggraini Suryani Hartono Gunawan Prasetyo Wicaksono Mardiana
Sukardi""".split()

# Syllables of names: most are found nowhere, and together they sound like the rest.
NAME_STARTS = """Su Sri Mu Wa Pur Har Kar Tri Dar Mar Sar Par Jum Kas Lam Ngat Pon Rah Sal Sam Sis Sug Sum Sun
Sup Sur Sut Suw Tar Tug Tum Wag Wij Win Yat Yul Sen Sek Ret Rin Ras Rus Kun Kus Kem Leg Mis Mud Muk Mul Mun
Nad Naf Nur Az Zah Zul Fat Far Fir Haf Han Hel Ida Ir Is Jan Jay Jul Khol Lai Lut Mah Mas Naz Nov Qom Raf Rif
Rob Sab Sof Syam Taf Umi Ul Vid Wah Yas Yun Zai Bas Bud Cip Dan Ded Den Dim Eli End Fad Gal Gun Her Hus""".split()
NAME_MIDDLES = """a i u o e ar am an as at ad ah in il ir ik it um un ur us om on ami ani ari asi ati idi ini
iri isa umi uni uri usi odo oni ori ama ana ara asa aya ila ina ira isa uwa iya aji eni eri ela""".split()
NAME_ENDS_M = """no to yono yanto wan din man so di jo rin min adi udin noto toro modo kir lan rul ron hadi tomo
giyo wito lis san""".split()
NAME_ENDS_F = """ti ni wati ningsih yah mah tun yani asih tini rini nah tin lah sri roh fah ratih mi nti lina
tika vita wi ris""".split()
BRAND_STARTS = """Ra Na Za Ki Ma La Sa Di Ar Al Be Ci Da El Fa Ga Ha In Ja Ka Ke Lu Mi No Om Pa Qu Ri Se Ta Ti
Ve Wi Ya Zi Am An Bi Bo Cha De Ful Gri Kla Kre Mo Ne Ni Pra Pri Re Ro Sha She Si So Syi Tri Vi""".split()
BRAND_MIDDLES = """ra na za ki ma la sa di ri be ci da le fa ga ha ni ja ka ke lu mi no ta pa qi re se ti ve wi
ya zi bi lo mo ru shi ndra nda mba ngga rsa lva nka nti""".split()
BRAND_ENDS = """na ku co ria mart la sa ta ya ra wi ka ni va za lin fa qu rin ndo sta nia lika tama ria vin ska
jaya rasa sari las""".split()
PLACE_STARTS = """Sumber Karang Tegal Kedung Sido Wono Mulyo Tirto Banjar Kali Gunung Bumi Griya Permata Taman
Puri Villa Candi Pondok Ranu Watu Ngadi Jati Pandan Kebon""".split()
PLACE_ENDS = """rejo sari agung jaya waru asri indah sekar gede anyar kulon wetan lor kidul madyo tengah mulyo
lawang wangi permai ayu""".split()

SIGNS = """Sumber Rejeki|Barokah|Berkah|Jaya|Makmur|Sejahtera|Lumintu|Sari Rasa|Maju|Mekar|Sekar Arum|Dua Putri|
Tiga Saudara|Ngalam|Arema|Singosari|Mentari|Melati|Kenanga|Anugerah|Cahaya|Rizky|Amanah|Sido Mukti|Maju Lancar|
Rejo|Bintang|Surya|Pelangi|Mulya|Murah Hati|Laris|Lancar|Setia|Sederhana|Mawar|Dahlia|Putra|Putri|Nusantara"""
SECOND = "Jaya Abadi Sentosa Utama Mandiri Bersama Raya Indah Putra Lestari Mulia Agung Baru Dua Tiga".split()
STREETS = """Sanan|Tumenggung Suryo|Ciliwung|Borobudur|Mawar|Anggrek|Bendungan Sutami|Kawi|Ijen|Semeru|Muharto|
Sulfat|Danau Toba|Raya Langsep|Veteran|Gadang|Klayatan|Raya Tlogomas|Candi Panggung|Ikan Tombro|Piranha|
Teluk Grajakan|Simpang Lima|Pasar Baru|Masjid|Sekolahan|Balai Desa"""
# Spellings met side by side in real lists: (as first typed, as others type it)
SPELLINGS = {
    "Keripik": ("Kripik",), "Kerupuk": ("Krupuk",), "Katering": ("Catering", "Ketring"),
    "Kelontong": ("Klontong",), "Fotokopi": ("Foto Copy", "Fotocopy"), "Laundry": ("Londri", "Loundry"),
    "Warung": ("Wr", "Waroeng"), "Bengkel": ("Bengkel", "Bengkal"), "Mebel": ("Meubel", "Mebeul"),
    "Kopi": ("Kopie", "Coffee"), "Mie": ("Mi",), "Rujak": ("Roedjak",), "Penjahit": ("Jahit", "Penjahid"),
}  # fmt: skip
HOURS = """Setiap hari 06.00–21.00|Senin–Sabtu 08.00–17.00|Setiap hari 24 jam|Senin–Jumat 08.00–16.00|
Setiap hari 16.00–23.00|Sabtu–Minggu 06.00–12.00"""
STORIES = """Usaha keluarga yang diteruskan anak kedua.|Mulai dari dapur rumah, kini melayani pesanan kantor.|
Dikerjakan bersama tetangga satu RT.|Menerima pesanan dalam jumlah kecil maupun besar.|
Bahan dibeli di pasar setiap pagi."""
